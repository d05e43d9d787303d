import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict, missesIn } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { readStage } from '../sends/stage.ts';
import { defects } from './defects.ts';
import { controls, plant } from './plant-defects.ts';
import { runScene, type SceneName, type SceneRun, sceneNames } from './scenes.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'simulate:rotation',
  purpose: `
Rotates the webhook secret and the API key under load, through the functions as they are deployed and in virtual time,
with forged requests, several instances and a Secrets Manager that fails half of its calls or is away for a day. Ends
with 1 when a rotation costs an event or a message, or leaves a door open.
`,
  counts: { rotations: { meaning: 'in each scene that has any', usual: 20, planted: 3 } },
  choice: { name: 'scene', values: sceneNames },
};

type Options = SuiteOptions<keyof typeof suite.counts, SceneName>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(
        options,
        [...controls, ...defects].filter(({ scene }) => options.chosen.includes(scene)),
        (defect, seed) => plant(defect, { rotations: options.counts.rotations, seed, projectRoot }),
      )
    : rotate(options),
);

async function rotate({ counts: { rotations }, chosen, seeds, json }: Options): Promise<boolean> {
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
  const runs = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    for (const scene of chosen) {
      const startedAt = performance.now();
      const run = await runScene(scene, { shipped, stage, rotations, seed });
      const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
      misses.push(...missesIn(`${scene}, seed ${seed}`, run.figures));
      runs.push({ scene, seed, tookSeconds, ...run });
      if (!json) process.stdout.write(`\n${scene}, seed ${seed}, in ${tookSeconds} s\n${format(run)}`);
    }
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seeds, runs, misses }, null, 2)}\n` : formatVerdict(misses),
  );
  return misses.length === 0;
}

function format({ counts, figures }: SceneRun): string {
  const counted = Object.entries(counts).map(([name, count]) => `${name} ${JSON.stringify(count)}`);
  return `  ${counted.join(', ')}\n${figures.map(formatFigure).join('\n')}\n`;
}
