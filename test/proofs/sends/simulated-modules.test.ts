import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { buildFunctions } from '../../../build.mjs';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const modulesOf = ({ inputs }: { inputs: object }) =>
  Object.keys(inputs).filter((path) => path.startsWith('lib/'));

test('What the simulations drive is what is deployed, module by module', { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'relay-modules-'));
  const { metafile: simulated } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['test/proofs/sends/shipped.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    metafile: true,
  });

  const deployed = await buildFunctions(directory);
  await rm(directory, { recursive: true, force: true });

  expect(modulesOf(simulated).length).toBeGreaterThan(20);
  expect(modulesOf(deployed)).toEqual(expect.arrayContaining(modulesOf(simulated)));
  // All of the use cases: nothing that decides about a message is left out of the simulation.
  const unsimulated = modulesOf(deployed).filter((path) => !modulesOf(simulated).includes(path));
  expect(unsimulated.toSorted()).toEqual([
    'lib/compose/outside.ts',
    'lib/compose/receive-webhook.ts',
    'lib/compose/send-message.ts',
    'lib/compose/settle-send.ts',
    'lib/config.ts',
    'lib/connectly/http.ts',
  ]);
});

test.each([
  ['rate', ['lib/errors.ts']],
  ['sends', ['lib/message/attributes.ts']],
  ['webhooks', []],
])('The simulation %s drives no module of lib but by that list', async (name, besides) => {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [`test/proofs/${name}/run.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    external: ['*/shipped.ts'],
    write: false,
    metafile: true,
  });

  const found = modulesOf(metafile);

  // What is left decides nothing: the class of errors, the names of attributes.
  expect(found).toEqual(besides);
});
