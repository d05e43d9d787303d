import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missesIn } from '../harness/figures.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { sceneNamed } from './scenes.ts';
import { simulate } from './simulate.ts';
import { figuresOf } from './verdict.ts';

test('A scene with trouble that no message met has proven nothing', async () => {
  const scene = sceneNamed('errors-10-minutes');
  const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);

  const report = await simulate({ shipped, stage, messages: 1_000, seed: 1, scene });

  const misses = missesIn(scene.name, figuresOf(scene, report, stage));
  expect(misses).toEqual(['errors-10-minutes: requests that met the trouble is 0, must be at least 1']);
});
