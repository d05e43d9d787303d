// Explores every interleaving of two workers, settle-send, a person and a queue over one message, with a death between
// any two steps, against the ledger's functions as they ship; or, with `--planted`, protocols with one thing wrong each.
import { formatVerdict } from '../harness/figures.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { type Exploration, explore, type Finding } from './ledger-model.ts';
import { planted } from './planted.ts';
import { shipped } from './protocol.ts';
import { type NamedScene, scenes } from './scenes.ts';

const suite = {
  script: 'model',
  purpose: `
Explores every interleaving of two workers, settle-send, a person and a queue over one message, with a death between any
two steps, against the ledger's functions as they ship. Ends with 1 when one of them sends a message twice under hold,
or loses it. Nothing is random, so there is no seed.
`,
  counts: { deliveries: { meaning: 'of the message', usual: 6, atMost: 6 } },
  isRandom: false,
};

const heading =
  'scene                                 deliveries     states  most accepted  duplicate  lost  seconds\n';

await runSuite(suite, async (options) =>
  options.planted ? explorePlanted(options) : exploreShipped(options),
);

interface Run extends Exploration {
  readonly scene: NamedScene;
  readonly tookSeconds: number;
}

function exploreShipped({ counts: { deliveries }, json }: SuiteOptions<'deliveries'>): boolean {
  const runs: Run[] = [];
  if (!json) process.stdout.write(heading);
  for (const scene of scenes(deliveries)) {
    const startedAt = performance.now();
    const explored = explore(shipped, scene);
    const run = { scene, ...explored, tookSeconds: (performance.now() - startedAt) / 1000 };
    runs.push(run);
    if (!json) process.stdout.write(formatRun(run));
  }
  const misses = runs.flatMap(({ scene, duplicate, lost }) => [
    ...(duplicate === undefined ? [] : [`${scene.name}: accepted twice, must never be`]),
    ...(lost === undefined ? [] : [`${scene.name}: lost, must never be`]),
  ]);
  process.stdout.write(json ? `${JSON.stringify({ runs, misses }, null, 2)}\n` : formatVerdict(misses));
  return misses.length === 0;
}

function formatRun({ scene, states, maximumAccepted, duplicate, lost, tookSeconds }: Run): string {
  const columns = [
    scene.name.padEnd(37),
    String(scene.deliveries).padStart(10),
    String(states).padStart(10),
    String(maximumAccepted).padStart(14),
    (duplicate === undefined ? 'none' : 'FOUND').padStart(10),
    (lost === undefined ? 'none' : 'FOUND').padStart(5),
    tookSeconds.toFixed(1).padStart(8),
  ];
  return `${columns.join(' ')}\n${formatSteps(duplicate)}${formatSteps(lost)}`;
}

function explorePlanted({ json }: SuiteOptions<'deliveries'>): boolean {
  const reports = planted.map(({ name, protocol, scene, shows }) => {
    const finding = explore(protocol, scene, shows)[shows];
    const verdict = finding === undefined ? 'WRONG ' : 'ok    ';
    const found = finding === undefined ? 'not found' : shows;
    if (!json) process.stdout.write(`${verdict} ${name}: ${found}\n${formatSteps(finding)}`);
    return { defect: name, shows, finding, isAsExpected: finding !== undefined };
  });
  if (json) process.stdout.write(`${JSON.stringify({ reports }, null, 2)}\n`);
  return reports.every(({ isAsExpected }) => isAsExpected);
}

function formatSteps(finding: Finding | undefined): string {
  const steps = finding?.steps ?? [];
  return steps.map((step, index) => `      ${String(index + 1).padStart(2)}. ${step}\n`).join('');
}
