// Holds the workflows against programs that others wrote: `npm run check:workflows`. Exits 1 for any finding, and when a
// program does not notice a planted fault.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installTool, runCheck } from '../support/tools.ts';

const run = promisify(execFile);
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

const example = 'examples/github/deploy.yml';
const workflows = [example, '.github/workflows/ci.yml'];

/** Resolves to what a program finds wrong with a file; empty when that is nothing. */
type Checker = (file: string) => Promise<string>;

async function installCheckers() {
  const schema = await installTool('check-jsonschema', { projectRoot });
  const zizmor = await installTool('zizmor', { projectRoot });
  const language = await installTool('actions-language', { projectRoot });
  const service = join(projectRoot, 'test/examples/language-service.mjs');
  return {
    "GitHub's schema": (file) =>
      findings(join(schema, 'check-jsonschema'), ['--builtin-schema', 'vendor.github-workflows', file]),
    "GitHub's language service": (file) => findings(process.execPath, [service, language, file]),
    zizmor: (file) => findings(join(zizmor, 'zizmor'), ['--offline', '--no-progress', file]),
  } satisfies Record<string, Checker>;
}

type Name = keyof Awaited<ReturnType<typeof installCheckers>>;

/** The exit code says whether a program has found something. */
async function findings(program: string, arguments_: readonly string[]): Promise<string> {
  try {
    await run(program, arguments_);
    return '';
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}

/** One thing wrong with the example, as text for text, and what the program must say of it. */
interface PlantedFault {
  readonly fault: string;
  readonly change: readonly [from: string, to: string];
  readonly by: Name;
  readonly noticed: RegExp;
}

const plantedFaults: readonly PlantedFault[] = [
  {
    fault: 'a misspelt key',
    change: ['cancel-in-progress:', 'cancel-in-progres:'],
    by: "GitHub's schema",
    noticed: /cancel-in-progres/,
  },
  {
    fault: 'an expression that does not parse',
    change: ["inputs.stage || 'dev'", "inputs.stage | 'dev'"],
    by: "GitHub's language service",
    noticed: /Unexpected symbol: '\|'/,
  },
  {
    fault: 'an input that there is not',
    change: ['inputs.ref ||', 'inputs.commit ||'],
    by: "GitHub's language service",
    noticed: /Context access might be invalid: commit/,
  },
  {
    fault: 'a variable of nobody',
    change: ['vars.AWS_ROLE_ARN', 'var.AWS_ROLE_ARN'],
    by: "GitHub's language service",
    noticed: /Unrecognized named-value: 'var'/,
  },
  {
    fault: 'a permission that there is not',
    change: ['id-token: write', 'id-token: read-write'],
    by: "GitHub's language service",
    noticed: /Unexpected value 'read-write'/,
  },
  {
    fault: 'an action that is pinned to a tag',
    change: ['@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3', '@v6'],
    by: 'zizmor',
    noticed: /unpinned-uses/,
  },
  {
    fault: 'an input that becomes a part of a command',
    change: ['deploy --stage "$STAGE"', 'deploy --stage ${{ inputs.ref }}'],
    by: 'zizmor',
    noticed: /template-injection/,
  },
  {
    fault: 'every permission',
    change: ['permissions:\n      contents: read', 'permissions: write-all'],
    by: 'zizmor',
    noticed: /excessive-permissions/,
  },
  {
    fault: "a checkout that keeps GitHub's token",
    change: ['          persist-credentials: false\n', ''],
    by: 'zizmor',
    noticed: /artipacked/,
  },
];

async function findProblems(): Promise<string[]> {
  const checkers: Record<Name, Checker> = await installCheckers();
  const problems: string[] = [];
  for (const workflow of workflows)
    for (const [name, check] of Object.entries(checkers)) {
      const found = await check(join(projectRoot, workflow));
      print(`${workflow}, ${name}: ${found === '' ? 'nothing wrong' : found}`);
      if (found !== '') problems.push(`${name} finds faults in ${workflow}`);
    }
  const folder = await mkdtemp(join(tmpdir(), 'relay-workflows-'));
  try {
    const text = await readFile(join(projectRoot, example), 'utf8');
    const file = join(folder, 'deploy.yml');
    for (const { fault, change, by, noticed } of plantedFaults) {
      if (!text.includes(change[0])) throw new Error(`${example} has no ${change[0]}`);
      await writeFile(
        file,
        text.replace(change[0], () => change[1]),
      );
      if (noticed.test(await checkers[by](file))) print(`planted, ${fault}: noticed by ${by}`);
      else problems.push(`${by} does not notice ${fault}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return problems;
}

await runCheck(findProblems);
