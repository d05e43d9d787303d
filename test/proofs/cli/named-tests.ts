import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

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

/** Runs the tests that the defects name, with each of them and without. Rejects when there is no report. */
export async function runNamedTests(projectRoot: string): Promise<readonly TestEnd[]> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-defects-'));
  try {
    const report = join(folder, 'report.json');
    const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--config', 'test/proofs/cli/vitest.config.ts'], {
      cwd: projectRoot,
      env: { ...process.env, PLANTED_REPORT: report },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // It ends with 1, because tests fail.
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    return z.array(endSchema).parse(JSON.parse(await readFile(report, 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
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
