import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { copyProject } from '../../support/project-copy.ts';
import type { Change } from './planted-changes.ts';
import type { Proof } from './proof.ts';

/** A defect, and the test of `npm test` that has to notice it. */
export interface NoticedDefect {
  /** What the code with it does. */
  readonly name: string;
  readonly changes: readonly [Change];
  readonly noticedBy: NamedTest;
}

export interface NamedTest {
  /** From the project's root. */
  readonly file: string;
  /** As it is told: of a table, one of its tests. */
  readonly title: string;
}

/** What became of one test of a run. */
const endSchema = z.object({
  /** The name of the defect that was planted, or that of none. */
  planted: z.string(),
  file: z.string(),
  /** Begins with what the test is about. */
  fullName: z.string(),
  state: z.string(),
  /** Of errors: the name and the message. */
  messages: z.array(z.string()),
});

export type TestEnd = z.infer<typeof endSchema>;

/** Stands where a defect's name does, when none is planted. */
export const asItIs = 'as it is';

/** Fits the full name of a test. */
export function patternOf({ title }: Pick<NamedTest, 'title'>): string {
  return ` ${title.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) => `\\${character}`)}$`;
}

/**
 * A proof that plants one defect at a time, and shows that a named test notices it by an assertion. `config` is the file
 * that names the defects to Vitest, by `namedTestsConfig`.
 */
export function provedByNamedTests(defects: readonly NoticedDefect[], config: string): Proof {
  /** All of them in one run, since starting one takes longest. */
  let ends: Promise<readonly TestEnd[]> | undefined;
  return {
    defects: defects.map(({ name, changes, noticedBy }) => ({ name, changes, shows: textOf(noticedBy) })),
    async plant({ name }, { projectRoot }) {
      ends ??= runNamedTests(projectRoot, config, defects);
      const all = await ends;
      const defect = defects.find((one) => one.name === name);
      if (defect === undefined)
        return defects
          .filter(({ noticedBy: test }) => outcomeOf(all, { planted: asItIs, test }) !== 'passed')
          .map(({ noticedBy }) => `does not pass: ${textOf(noticedBy)}`);
      const { noticedBy: test } = defect;
      return outcomeOf(all, { planted: name, test }) === 'failed' ? [`fails: ${textOf(test)}`] : [];
    },
  };
}

function textOf({ file, title }: NamedTest): string {
  return `${file}: ${title}`;
}

/** Runs the tests that the defects name, with each of them and without. Rejects when there is no report. */
async function runNamedTests(
  projectRoot: string,
  config: string,
  defects: readonly NoticedDefect[],
): Promise<readonly TestEnd[]> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-defects-'));
  const copies = await Promise.all(
    defects.filter(({ noticedBy }) => runsBundles(noticedBy)).map((defect) => copyWith(defect, projectRoot)),
  );
  try {
    const report = join(folder, 'report.json');
    const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--config', config], {
      cwd: projectRoot,
      env: {
        ...process.env,
        PLANTED_REPORT: report,
        PLANTED_COPIES: JSON.stringify(Object.fromEntries(copies.map(({ name, copy }) => [name, copy.root]))),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // It ends with 1, because tests fail.
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    return z.array(endSchema).parse(JSON.parse(await readFile(report, 'utf8')));
  } finally {
    await Promise.all([rm(folder, { recursive: true }), ...copies.map(({ copy }) => copy.remove())]);
  }
}

/** Vite never sees the sources of the functions there: these tests run bundles, which are built from a copy then. */
function runsBundles({ file }: NamedTest): boolean {
  return file.startsWith('test/functions/');
}

async function copyWith({ name, changes: [change] }: NoticedDefect, projectRoot: string) {
  const copy = await copyProject(projectRoot);
  await copy.edit(change.file, [change.find, change.replace]);
  return { name, copy };
}

/** The code with the defect did not run at all, or hung. */
const provesNothing = /^(SyntaxError|ReferenceError|TypeError)|timed out/;

/** `not run`: the test was not there, its file could not be loaded, or it proved nothing. */
export function outcomeOf(
  ends: readonly TestEnd[],
  { planted, test }: { readonly planted: string; readonly test: NamedTest },
): 'failed' | 'passed' | 'not run' {
  const pattern = new RegExp(patternOf(test));
  const found = ends.find(
    (end) => end.planted === planted && end.file === test.file && pattern.test(end.fullName),
  );
  if (found?.state === 'passed') return 'passed';
  if (found?.state !== 'failed') return 'not run';
  return found.messages.some((message) => provesNothing.test(message)) ? 'not run' : 'failed';
}
