import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callSchema, permissionsByCommand, recordedFile } from '../../template/permissions/aws-calls.ts';
import type { Report } from './report.ts';

/** The variables that have a command of Node write its calls of AWS into a file. */
export function recordingTo(file: string, projectRoot: string): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import ${join(projectRoot, 'test/proofs/deploy/record-calls.mjs')}`,
    RECORDED_CALLS: file,
  };
}

/** The calls that are written there, a line of JSON for each. */
export async function readCalls(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
}

/**
 * Holds the list that `npm run check:permissions` judges the policies by against what was really asked for, or writes it
 * anew.
 */
export async function checkRecordedCalls(
  report: Report,
  options: { readonly calls: readonly string[]; readonly projectRoot: string; readonly anew: boolean },
): Promise<void> {
  const { calls, projectRoot, anew } = options;
  const found = permissionsByCommand(calls.map((line) => callSchema.parse(JSON.parse(line))));
  const list = join(projectRoot, recordedFile);
  if (anew) {
    await writeFile(list, `${JSON.stringify(found, null, 2)}\n`);
    report.did(
      `${calls.length} calls of ${Object.keys(found).length} commands are written to ${recordedFile}`,
    );
    return;
  }
  report.equal(
    `it is what ${recordedFile} says, which --record writes anew`,
    found,
    JSON.parse(await readFile(list, 'utf8')),
  );
}
