import type { Source } from './send-command.ts';

/** A text as it was typed; all of stdin for `-`, which keeps it out of the list of processes. */
export async function textArgument(text: string, { readInput }: Source): Promise<string> {
  return text === '-' ? (await readInput('-')).toString('utf8').replace(/\r?\n$/, '') : text;
}
