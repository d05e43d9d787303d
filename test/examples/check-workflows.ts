// Holds the workflows and the bot's settings against programs that others wrote: `npm run check:workflows`. Exits 1 for any finding, and when a
// program does not notice a planted fault.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installTool, runCheck } from '../support/tools.ts';

const run = promisify(execFile);
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

const example = 'examples/github/deploy.yml';
const workflows = [example, '.github/workflows/ci.yml', '.github/workflows/advisories.yml'];
const bot = '.github/dependabot.yml';

/** Resolves to what a program finds wrong with a file; empty when that is nothing. */
type Checker = (file: string) => Promise<string>;

async function installCheckers() {
  const schema = await installTool('check-jsonschema', { projectRoot });
  const zizmor = await installTool('zizmor', { projectRoot });
  const language = await installTool('actions-language', { projectRoot });
  const service = join(projectRoot, 'test/examples/language-service.mjs');
  const bySchema = (name: string) => (file: string) =>
    findings(join(schema, 'check-jsonschema'), ['--builtin-schema', name, file]);
  return {
    "GitHub's schema": bySchema('vendor.github-workflows'),
    "Dependabot's schema": bySchema('vendor.dependabot'),
    "GitHub's language service": (file) => findings(process.execPath, [service, language, file]),
    zizmor: (file) => findings(join(zizmor, 'zizmor'), ['--offline', '--no-progress', file]),
  } satisfies Record<string, Checker>;
}

type Name = keyof Awaited<ReturnType<typeof installCheckers>>;

const checked: readonly { readonly files: readonly string[]; readonly by: readonly Name[] }[] = [
  { files: workflows, by: ["GitHub's schema", "GitHub's language service", 'zizmor'] },
  { files: [bot], by: ["Dependabot's schema", 'zizmor'] },
];

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

/** One thing wrong with a file, as text for text, and what the program must say of it. */
interface PlantedFault {
  readonly fault: string;
  /** The example, when absent. */
  readonly file?: string;
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
  {
    fault: 'a kind of package that there is not',
    file: bot,
    change: ['package-ecosystem: npm', 'package-ecosystem: npn'],
    by: "Dependabot's schema",
    noticed: /npn/,
  },
  {
    fault: 'a release that is taken at once',
    file: bot,
    change: ['    cooldown:\n      default-days: 7\n', ''],
    by: 'zizmor',
    noticed: /dependabot-cooldown/,
  },
];

async function findProblems(): Promise<string[]> {
  const checkers: Record<Name, Checker> = await installCheckers();
  const problems: string[] = [];
  for (const { files, by } of checked)
    for (const file of files)
      for (const name of by) {
        const found = await checkers[name](join(projectRoot, file));
        print(`${file}, ${name}: ${found === '' ? 'nothing wrong' : found}`);
        if (found !== '') problems.push(`${name} finds faults in ${file}`);
      }
  const folder = await mkdtemp(join(tmpdir(), 'relay-workflows-'));
  try {
    for (const { fault, file = example, change, by, noticed } of plantedFaults) {
      const text = await readFile(join(projectRoot, file), 'utf8');
      if (!text.includes(change[0])) throw new Error(`${file} has no ${change[0]}`);
      const faulty = join(folder, basename(file));
      await writeFile(
        faulty,
        text.replace(change[0], () => change[1]),
      );
      if (noticed.test(await checkers[by](faulty))) print(`planted, ${fault}: noticed by ${by}`);
      else problems.push(`${by} does not notice ${fault}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return problems;
}

await runCheck(findProblems);
