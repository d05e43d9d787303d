// A process of the rate proof: simulates one scene after the other, as they are sent to it.
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import type { Job } from './run-scenes.ts';
import { sceneNamed } from './scenes.ts';
import { simulate } from './simulate.ts';

const [stage, shipped] = await Promise.all([readStage(process.cwd()), buildShipped(process.cwd())]);

process.on('message', (job: Job) => {
  void run(job).then((done) => process.send?.(done));
});

async function run(job: Job) {
  const scene = sceneNamed(job.scene);
  const before = process.cpuUsage();
  const report = await simulate({ shipped, stage, ...job, scene });
  const { user, system } = process.cpuUsage(before);
  return { ...job, report, cpuSeconds: (user + system) / 1e6 };
}
