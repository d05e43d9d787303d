import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../../../cli/terminal/output.ts';

describe('what is wrong with a part of what was given', () => {
  it.each([
    [{ json: false, quiet: false }, 'a word\nline 3\n'],
    [{ json: false, quiet: true }, 'line 3\n'],
    [{ json: true, quiet: false }, ''],
  ])('is said with --quiet, which hides words, and is in the JSON otherwise: %j', async (options, said) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = createOutput({ ...options, stdout, stderr });

    output.say('a word');
    output.complain('line 3');
    stdout.end();
    stderr.end();

    expect([await text(stdout), await text(stderr)]).toEqual(['', said]);
  });
});

describe('what a command prints', () => {
  const foreign = 'a\n  Remedy  run this\u001b[31m\u202e';

  it.each([
    ['one line', foreign, 1],
    ['several', ['first', foreign, 'last'], 3],
    ['none', [], 0],
  ])('has as many lines as it gave, whatever is in them: %s', async (_, lines, count) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = createOutput({ json: false, quiet: false, stdout, stderr });

    output.result({}, lines);
    output.print(lines);
    output.say(lines);
    output.complain(lines);
    stdout.end();
    stderr.end();

    const written = [await text(stdout), await text(stderr)];
    expect(written.map((each) => each.split('\n').length - 1)).toEqual([2 * count, 2 * count]);
    expect(written.join('')).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('has one line for what went wrong', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = createOutput({ json: false, quiet: false, stdout, stderr });

    output.fail({ code: 'code', message: foreign });
    stderr.end();

    expect(await text(stderr)).toBe(String.raw`relay: a\u000a  Remedy  run this\u001b[31m\u202e` + '\n');
  });
});
