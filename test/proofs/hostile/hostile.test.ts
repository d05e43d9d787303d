import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { buildFunctions } from '../../../build.mjs';
import { plantChanges } from '../harness/planted-changes.ts';
import { defects, noDefect } from './defects.ts';
import { encode, verdictsOn } from './oracle.ts';
import { plant } from './plant-defects.ts';
import { buildSender } from './sender.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const modulesOf = ({ inputs }: { inputs: object }) =>
  Object.keys(inputs).filter((path) => path.startsWith('lib/'));
const patient = { timeout: 120_000 };

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

  it.each(defects)('can plant a sender that $name', async ({ changes }) => {
    const built = await buildSender(projectRoot, changes);

    await expect(built.remove()).resolves.toBeUndefined();
  });

  it('finds nothing wrong with what is shipped', patient, async () => {
    const report = await plant(noDefect, { answers: 50, seed: 1, projectRoot });

    expect(report.misses).toEqual([]);
  });

  it.each(['follows redirects', 'has no deadline', 'holds what left for not sent'])(
    'notices a sender that %s',
    patient,
    async (name) => {
      const defect = defects.find((one) => one.name === name) ?? noDefect;

      const report = await plant(defect, { answers: 50, seed: 1, projectRoot });

      expect(report.isAsExpected).toBe(true);
      expect(report.misses.length).toBeGreaterThan(0);
    },
  );
});

describe('the oracle', () => {
  it('knows nothing before the head is whole, and only then the status', () => {
    const answer = { status: 201, says: 'id', framing: 'length' } as const;
    const encoded = encode(answer);
    const { length } = encoded.bytes;

    const verdicts = [encoded.headEnd - 1, encoded.headEnd, length - 1, length].map((sent) =>
      verdictsOn(answer, encoded, sent, 'reset'),
    );

    expect(verdicts).toEqual([
      ['unclear'],
      ['accepted without an id'],
      ['accepted without an id'],
      ['accepted'],
    ]);
  });
});

describe('planting a change', () => {
  it.each([
    ['does not fit', { file: 'lib/errors.ts', find: 'not in there', replace: '' }, /not exactly once/],
    [
      'is in a file of another bundle',
      { file: 'lib/config.ts', find: 'x', replace: '' },
      /not in the bundle/,
    ],
  ])('fails the build when it %s', async (_, change, problem) => {
    const built = build({
      absWorkingDir: projectRoot,
      entryPoints: ['lib/errors.ts'],
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [plantChanges([change], projectRoot)],
    });

    await expect(built).rejects.toThrow(problem);
  });
});
