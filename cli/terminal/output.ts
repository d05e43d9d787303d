import { styleText } from 'node:util';
import type { Failure } from '../errors.ts';
import type { OutputStream } from '../io.ts';
import { inJson, type Lines, oneLine, type styles } from './lines.ts';

/** Where a command's results and words go: data to stdout, words to stderr, so that a pipe carries data only. */
export interface Output<Result extends object = object> {
  /** The result: with `--json` as one JSON object, else as `text`. A stream has many of them, each a line. */
  result(data: Result, text: Lines): void;
  /** A part of a result that is words: to stdout as it comes; not with `--json`. */
  print(text: Lines): void;
  /** A word on what is going on; not with `--quiet`. */
  say(text: Lines): void;
  /** What is wrong with a part of what was given, with `--quiet`, too; with `--json` the result holds it. */
  complain(text: Lines): void;
  /** What went wrong, always: with `--json` as one JSON object on stderr. */
  fail(error: Pick<Failure, 'code' | 'message' | 'lines'>): void;
  /** Adds a style to a part of a result; nothing where stdout has no colours. */
  style(style: Style, text: string): string;
}

export type Style = (typeof styles)[number];

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export function createOutput({ json, quiet, stdout, stderr }: OutputOptions): Output {
  const toStdout = writerTo(stdout, { styles: !json && hasColours(stdout) });
  const toStderr = writerTo(stderr, { styles: false });
  return {
    result: (data, text) => toStdout(json ? inJson(data) : text),
    print: (text) => {
      if (!json) toStdout(text);
    },
    say: (text) => {
      if (!quiet && !json) toStderr(text);
    },
    complain: (text) => {
      if (!json) toStderr(text);
    },
    fail: ({ code, message, lines: [first, ...more] = [message] }) =>
      toStderr(json ? inJson({ error: { code, message } }) : [`relay: ${first}`, ...more]),
    style: (style, text) =>
      !json && hasColours(stdout) ? styleText(style, text, { validateStream: false }) : text,
  };
}

function writerTo(stream: OutputStream, shown: { readonly styles: boolean }): (text: Lines) => void {
  return (text) => {
    const lines = typeof text === 'string' ? [text] : text;
    stream.write(lines.map((line) => `${oneLine(line, shown)}\n`).join(''));
  };
}

function hasColours(stream: OutputStream): boolean {
  return stream.hasColors?.() ?? false;
}
