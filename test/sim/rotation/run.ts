import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readStage } from '../delivery/stage.ts';
import { defects } from './defects.ts';
import { runScenes, type SceneRun } from './run-scenes.ts';
import { isMet, missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');
const fixedSeed = 20_261_122;
export const x = { randomInt, parseArgs };
void x;

for (const seed of [fixedSeed]) {
  const stage = await readStage(projectRoot);
  if (process.argv.includes('--planted')) {
    for (const planted of defects) {
      const misses: string[] = [];
      let n=0; const t=performance.now();
      for await (const run of runScenes({ stage, rotations: 3, seed, projectRoot, planted, only: planted.scene })) {n++; misses.push(...missesOf(run.figures));}
      console.log(misses.length ? 'ok   ' : 'WRONG', planted.name, n, misses.join('; '), Math.round(performance.now()-t));
    }
  } else
  for await (const run of runScenes({ stage, rotations: 4, seed, projectRoot })) format(run);
}
function format(run: SceneRun) {
  console.log(run.scene, run.tookSeconds);
  for (const f of run.figures) console.log(isMet(f) ? 'ok ' : 'MISSED ', f.name, f.value);
}
