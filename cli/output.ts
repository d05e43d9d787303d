import type { Writable } from 'node:stream';

/** Where a command's results and words go: data to stdout, words to stderr, so that a pipe carries data only. */
export interface Output {
  /** The result: with `--json` as one JSON object, else as `text`. */
  result(data: object, text: string): void;
  /** A part of a result that is words: to stdout as it comes; not with `--json`. */
  print(text: string): void;
  /** A word on what is going on; not with `--quiet`. */
  say(text: string): void;
  /** What went wrong, always: with `--json` as one JSON object on stderr. */
  fail(error: { code: string; message: string }): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export function createOutput({ json, quiet, stdout, stderr }: OutputOptions): Output {
  return {
    result: (data, text) => void stdout.write(`${json ? JSON.stringify(data) : text}\n`),
    print: (text) => {
      if (!json) stdout.write(`${text}\n`);
    },
    say: (text) => {
      if (!quiet && !json) stderr.write(`${text}\n`);
    },
    fail: ({ code, message }) =>
      void stderr.write(json ? `${JSON.stringify({ error: { code, message } })}\n` : `relay: ${message}\n`),
  };
}
