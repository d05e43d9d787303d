import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missesIn } from '../harness/figures.ts';
import * as shipped from '../sends/shipped.ts';
import { readStage } from '../sends/stage.ts';
import { sceneNamed } from './scenes.ts';
import { simulate } from './simulate.ts';
import { figuresOf } from './verdict.ts';

test('A scene with trouble that no message met has proven nothing', async () => {
  const scene = sceneNamed('errors-10-minutes');
  const stage = await readStage(fileURLToPath(new URL('../../..', import.meta.url)));

  const report = await simulate({ shipped, stage, messages: 1_000, seed: 1, scene });

  const misses = missesIn(scene.name, figuresOf(scene, report, stage));
  expect(misses).toEqual(['errors-10-minutes: requests that met the trouble is 0, must be at least 1']);
});
