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
