import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { buildFunctions } from '../../../build.mjs';
import { encode, verdictsOn } from './oracle.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const modulesOf = ({ inputs }: { inputs: object }) =>
  Object.keys(inputs).filter((path) => path.startsWith('lib/'));

describe('the run against hostile servers', () => {
  it('drives modules that are deployed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'relay-modules-'));
    const { metafile: driven } = await build({
      absWorkingDir: projectRoot,
      entryPoints: ['test/proofs/hostile/sender-process.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
      metafile: true,
    });

    const deployed = await buildFunctions(directory);

    await rm(directory, { recursive: true, force: true });
    expect(modulesOf(driven)).toContain('lib/connectly/http.ts');
    expect(modulesOf(deployed)).toEqual(expect.arrayContaining(modulesOf(driven)));
  });
});

describe('the oracle', () => {
  it('knows nothing before the head is whole, and only then the status', () => {
    const answer = { status: 201, says: 'id', framing: 'length' } as const;
    const encoded = encode(answer);
    const { length } = encoded.bytes;

    const verdicts = [encoded.headEnd - 1, encoded.headEnd, length - 1, length].map((sent) =>
      verdictsOn(answer, encoded, sent, 'reset'),
    );

    expect(verdicts).toEqual([['unclear'], ['unclear'], ['unclear'], ['accepted']]);
  });

  it('takes a code in a whole answer of 2xx for a no, and a part of one for nothing', () => {
    const answer = { status: 200, says: 'refused-code', framing: 'length' } as const;
    const encoded = encode(answer);
    const { length } = encoded.bytes;

    const verdicts = [length - 1, length].map((sent) => verdictsOn(answer, encoded, sent, 'end'));

    expect(verdicts).toEqual([['unclear'], ['refused by its code']]);
  });
});
