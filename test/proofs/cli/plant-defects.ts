import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../harness/planted-changes.ts';
import type { Defect } from './defects.ts';
import { outcomeOf, patternOf, reportSchema, type TestReport } from './named-tests.ts';

/** What finds the command line by where it lies itself: each planting has its own. */
const copied = ['cli', 'test', 'build.mjs'];

/** What else the named tests need, the same for all. */
const linked = [
  'lib',
  'connectly-events',
  'local',
  'functions',
  'resources',
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  'node_modules',
];

/** A test waits for a command line that is bundled anew; several do at once. In milliseconds. */
const testTimeoutMs = 90_000;

const configuration = `export default {
  test: {
    include: ['*/test/**/*.test.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: ${testTimeoutMs},
    hookTimeout: ${testTimeoutMs},
    // They wait for queues and processes most of the time.
    maxWorkers: 6,
  },
};
`;

export interface PlantedDefect {
  readonly name: string;
  readonly test: string;
  /** What became of the named test in a project with the defect, and in one without. */
  readonly withDefect: string;
  readonly without: string;
  readonly isNoticed: boolean;
}

/** A project with a defect in it, or as it is. */
interface Planting {
  readonly root: string;
  readonly defects: readonly Defect[];
}

/**
 * Makes a copy of the project for each defect and one without any, and runs the named tests in all of them. A defect is
 * noticed when its own test fails there by an assertion, and passes where nothing is planted.
 */
export async function plantDefects(
  defects: readonly Defect[],
  projectRoot: string,
): Promise<readonly PlantedDefect[]> {
  // The real path: the report names files without symbolic links.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'relay-defects-')));
  try {
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
    const control = { root: join(folder, 'as-it-is'), defects };
    await copyTo(control.root, projectRoot);
    const plantings: Planting[] = [control];
    for (const [index, defect] of defects.entries()) {
      const root = join(folder, String(index));
      await copyTo(root, projectRoot);
      await plant(root, defect.change);
      plantings.push({ root, defects: [defect] });
    }
    const report = await runTests(folder, plantings);
    return plantings.slice(1).flatMap(({ root, defects: planted }) =>
      planted.map(({ name, noticedBy }) => {
        const withDefect = outcomeOf(report, { root, test: noticedBy });
        const without = outcomeOf(report, { root: control.root, test: noticedBy });
        const isNoticed = withDefect === 'failed' && without === 'passed';
        return { name, test: `${noticedBy.file}: ${noticedBy.title}`, withDefect, without, isNoticed };
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function copyTo(root: string, projectRoot: string): Promise<void> {
  await mkdir(root);
  for (const part of copied) await cp(join(projectRoot, part), join(root, part), { recursive: true });
  for (const part of linked) await symlink(join(projectRoot, part), join(root, part));
}

/** Throws unless the change has exactly one place: a defect that was never planted could not be noticed. */
async function plant(root: string, { file, find, replace }: Change): Promise<void> {
  const path = join(root, file);
  const source = await readFile(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`"${find}" is not exactly once in ${file}`);
  await writeFile(
    path,
    source.replace(find, () => replace),
  );
}

const unique = (values: readonly string[]) => [...new Set(values)];

async function runTests(folder: string, plantings: readonly Planting[]): Promise<TestReport> {
  const config = join(folder, 'vitest.config.mjs');
  await writeFile(config, configuration);
  const output = join(folder, 'report.json');
  const tests = plantings.flatMap(({ root, defects }) =>
    defects.map(({ noticedBy }) => ({ path: join(root, noticedBy.file), pattern: patternOf(noticedBy) })),
  );
  const pattern = unique(tests.map((test) => `(?:${test.pattern})`)).join('|');
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const options = ['--root', folder, '--config', config, '--testNamePattern', pattern];
  const reporting = ['--reporter', 'json', '--outputFile', output];
  const child = spawn(
    process.execPath,
    [vitest, 'run', ...unique(tests.map(({ path }) => path)), ...options, ...reporting],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // It ends with 1, because tests fail; without a report it has gone wrong.
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return reportSchema.parse(JSON.parse(await readFile(output, 'utf8')));
}
