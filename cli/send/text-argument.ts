import { readStdin } from '../terminal/input.ts';

/** A text as it was typed; all of stdin for `-`, which keeps it out of the list of processes. */
export async function textArgument(text: string, signal: AbortSignal): Promise<string> {
  return text === '-' ? (await readStdin(signal)).toString('utf8').replace(/\r?\n$/, '') : text;
}
