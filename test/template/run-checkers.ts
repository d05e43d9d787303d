// Holds the packaged templates of prod, of dev and of a stage with every option against cfn-lint, against the shapes of
// AWS's own models, and against limits; and that of prod against checkov: `npm run check:template`. Prints what is skipped
// and why. Exits 1 for any finding, for a skip that is not expected, and when a tool does not notice a planted fault.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { packagedTemplate } from '../../local/template/package.ts';
import { installTool, runCheck } from '../support/tools.ts';
import { longestStage, templateWithEveryOption } from './every-option.ts';
import { textsFit } from './function-rules.ts';
import { type PlantedFault, plant } from './planted-faults.ts';
import { problemsOf, type Skip, tallyOf } from './skipped-checks.ts';
import { readTemplate, type Template } from './template.ts';

const run = promisify(execFile);
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

const lintSchema = z.array(z.looseObject({ Rule: z.looseObject({ Id: z.string() }), Message: z.string() }));

const checkSchema = z.looseObject({
  check_id: z.string(),
  check_name: z.string(),
  resource: z.string(),
  check_result: z.looseObject({ suppress_comment: z.string().optional() }),
});
const checkovSchema = z.object({
  results: z.object({
    passed_checks: z.array(checkSchema),
    failed_checks: z.array(checkSchema),
    skipped_checks: z.array(checkSchema),
    parsing_errors: z.array(z.unknown()),
  }),
});

/** Runs a checker, whose exit code says only whether it found something, and resolves to what it prints. */
async function output(file: string, arguments_: readonly string[]): Promise<string> {
  try {
    return (await run(file, arguments_, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}

async function lint(commands: string, file: string): Promise<string[]> {
  const printed = await output(join(commands, 'cfn-lint'), ['--format', 'json', file]);
  const findings = lintSchema.parse(JSON.parse(printed.trim() === '' ? '[]' : printed));
  return findings.map(({ Rule: rule, Message: message }) => `${rule.Id} ${message}`);
}

async function check(commands: string, file: string) {
  const options = ['--framework', 'cloudformation', '--skip-download', '--output', 'json'];
  const printed = await output(join(commands, 'checkov'), ['--file', file, ...options]);
  const { results } = checkovSchema.parse(JSON.parse(printed));
  if (results.parsing_errors.length > 0) throw new Error('checkov cannot read the template.');
  return {
    passed: results.passed_checks.length,
    findings: results.failed_checks.map((each) => `${each.check_id} ${each.resource}: ${each.check_name}`),
    skips: results.skipped_checks.map(
      (each): Skip => ({ id: each.check_id, reason: each.check_result.suppress_comment ?? '' }),
    ),
  };
}

/** Holds each value against AWS's models of operations, which are in botocore, which the AWS CLI brings along. */
async function shapes(commands: string, file: string) {
  const program = join(projectRoot, 'test/template/shapes.py');
  const [seen = '', ...findings] = (await output(join(commands, 'python'), [program, file]))
    .split('\n')
    .filter((line) => line !== '');
  return { seen: Number(seen), findings };
}

/** What a tool must notice, or its silence means nothing. */
const forLint: PlantedFault = {
  fault: 'a misspelt property',
  change: { 'Resources.EventsQueue.Properties.VisibilityTimout': 180 },
  caughtBy: ['AWS: the validator'],
};
const forCheckov: PlantedFault = {
  fault: 'a skip taken away',
  change: { 'Resources.EventsQueue.Metadata': undefined },
  caughtBy: ['encrypts its queues'],
};

/** One fault of each kind that the models know, and what they say of it. */
const forShapes: readonly (readonly [path: string, value: unknown, finding: string])[] = [
  ['Resources.SendMessageLambdaFunction.Properties.Memory', 512, 'has no member Memory'],
  ['Resources.HttpApi.Properties.ProtocolType', undefined, 'wants ProtocolType'],
  ['Resources.SendMessageLambdaFunction.Properties.Runtime', 'nodejs1.x', 'Runtime is nodejs1.x'],
  ['Resources.SettleSendLambdaFunction.Properties.Handler', 'a handler', 'Handler is a handler'],
  ['Resources.SettleSendLambdaFunction.Properties.Description', 'x'.repeat(257), 'Description is above 256'],
  ['Resources.SendMessageLambdaFunction.Properties.Timeout', 'long', 'Timeout is no number'],
  [
    'Resources.WebhookUrlParameter.Type',
    'AWS::Events::Rule',
    'nobody has said what AWS::Events::Rule is made with',
  ],
];

async function packaged(stage: string): Promise<Template> {
  return readTemplate((await packagedTemplate({ projectRoot, stage, region: 'us-east-1' })).template);
}

async function findProblems(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-checkers-'));
  const file = join(folder, 'template.json');
  const write = (template: Template) => writeFile(file, JSON.stringify(template));
  const problems: string[] = [];
  try {
    const template = await packaged('prod');
    const templates = {
      prod: template,
      dev: await packaged('dev'),
      'every option': await templateWithEveryOption(longestStage, projectRoot),
    };

    const cfnLint = await installTool('cfn-lint', { projectRoot });
    const awsCli = await installTool('aws-cli', { projectRoot });
    for (const [name, each] of Object.entries(templates)) {
      await write(each);
      const linted = await lint(cfnLint, file);
      const shaped = await shapes(awsCli, file);
      const limited = textsFit(each);
      print(
        `${name}: ${linted.length} findings of cfn-lint, ${shaped.findings.length} of ${shaped.seen} values that AWS would refuse, ${limited.length} above a limit`,
      );
      problems.push(...[...linted, ...shaped.findings, ...limited].map((problem) => `${name}: ${problem}`));
    }
    await write(plant(template, forLint));
    if ((await lint(cfnLint, file)).length === 0) problems.push(`cfn-lint does not notice ${forLint.fault}`);
    await write(
      plant(template, {
        fault: 'one of each kind',
        change: Object.fromEntries(forShapes.map(([path, value]) => [path, value])),
        caughtBy: ['AWS: the validator'],
      }),
    );
    const { findings: noticed } = await shapes(awsCli, file);
    for (const [path, , finding] of forShapes)
      if (!noticed.some((each) => each.includes(finding)))
        problems.push(`the models do not notice a wrong ${path}`);

    const checkov = await installTool('checkov', { projectRoot });
    await write(template);
    const checked = await check(checkov, file);
    print(
      `checkov: ${checked.passed} checks passed, ${checked.findings.length} failed, ${checked.skips.length} skipped:`,
    );
    for (const { id, count, reason } of tallyOf(checked.skips)) print(`  ${id} x ${count}: ${reason}`);
    problems.push(...checked.findings, ...problemsOf(checked.skips));
    await write(plant(template, forCheckov));
    if ((await check(checkov, file)).findings.length === 0)
      problems.push(`checkov does not notice ${forCheckov.fault}`);
  } finally {
    await rm(folder, { recursive: true });
  }
  return problems;
}

await runCheck(findProblems);
