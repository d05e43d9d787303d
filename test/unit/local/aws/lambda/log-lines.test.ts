import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLine } from '../../../../../local/aws/lambda/log-lines.ts';

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => void stream.once('end', resolve));
  return lines;
}

describe('eachLine', () => {
  it('gives the same lines however the stream is cut into chunks, characters included', async () => {
    const lines = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, '.')));
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(50)), async (expected, cuts) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        const edges = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b),
          bytes.length,
        ];

        const actual = await linesOf(edges.slice(1).map((end, index) => bytes.subarray(edges[index], end)));

        expect(actual).toEqual(expected.map((line) => Buffer.from(line).toString()));
      }),
    );
  });

  it('gives what is left at the end of the stream, and no empty line after a complete one', async () => {
    const lines = await linesOf([Buffer.from('a\r\n\nb')]);

    expect(lines).toEqual(['a', '', 'b']);
  });

  it('cuts a line that does not end at 1 MiB', async () => {
    const lines = await linesOf([Buffer.alloc(1_500_000, 'x'), Buffer.alloc(700_000, 'y')]);

    expect(lines.map((line) => line.length)).toEqual([1_048_576, 1_048_576, 102_848]);
  });
});
