import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { plantChanges } from './planted-changes.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

describe('planting a change', () => {
  it.each([
    [
      'does not fit',
      { file: 'lib/errors.ts', find: 'not in there', replace: '' },
      /has 0 of not in there, not one/,
    ],
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
