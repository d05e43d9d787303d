import { styleText } from 'node:util';
import type { OutputStream } from '../io.ts';
import { type styles, visible, visibleJson } from './visible.ts';

/** Where a command's results and words go: data to stdout, words to stderr, so that a pipe carries data only. */
export interface Output<Result extends object = object> {
  /** The result: with `--json` as one JSON object, else as `text`. A stream has many of them, each a line. */
  result(data: Result, text: string): void;
  /** A part of a result that is words: to stdout as it comes; not with `--json`. */
  print(text: string): void;
  /** A word on what is going on; not with `--quiet`. */
  say(text: string): void;
  /** What is wrong with a part of what was given, with `--quiet`, too; with `--json` the result holds it. */
  complain(text: string): void;
  /** What went wrong, always: with `--json` as one JSON object on stderr. */
  fail(error: { code: string; message: string }): void;
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
  const toStdout = writerTo(stdout);
  const toStderr = writerTo(stderr);
  return {
    result: (data, text) => toStdout(json ? visibleJson(data) : text),
    print: (text) => {
      if (!json) toStdout(text);
    },
    say: (text) => {
      if (!quiet && !json) toStderr(text);
    },
    complain: (text) => {
      if (!json) toStderr(text);
    },
    fail: ({ code, message }) =>
      toStderr(json ? visibleJson({ error: { code, message } }) : `relay: ${message}`),
    style: (style, text) =>
      !json && hasColours(stdout) ? styleText(style, text, { validateStream: false }) : text,
  };
}

function writerTo(stream: OutputStream): (text: string) => void {
  const colours = hasColours(stream);
  return (text) => void stream.write(`${visible(text, { colours })}\n`);
}

function hasColours(stream: OutputStream): boolean {
  return stream.hasColors?.() ?? false;
}
