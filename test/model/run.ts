// Explores every interleaving of two workers, settle-send, a person and a queue over one message, with a death between
// any two steps, against the ledger's functions as they ship. `--deliveries N` (6 unless given, at most 6). With
// `--planted` it explores protocols with one thing wrong each, and fails unless every one is found out.
import { parseArgs } from 'node:util';
import { explore, type Finding } from './ledger-model.ts';
import { planted } from './planted.ts';
import { shipped } from './protocol.ts';
import { scenes } from './scenes.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

function printSteps({ steps }: Finding): void {
  for (const [index, step] of steps.entries()) print(`      ${String(index + 1).padStart(2)}. ${step}`);
}

function exploreShipped(deliveries: number): boolean {
  let isKept = true;
  print(
    'scene                                 deliveries     states  most accepted  duplicate  lost  seconds',
  );
  for (const scene of scenes(deliveries)) {
    const startedAt = performance.now();
    const { states, maximumAccepted, duplicate, lost } = explore(shipped, scene);
    print(
      [
        scene.name.padEnd(37),
        String(scene.deliveries).padStart(10),
        String(states).padStart(10),
        String(maximumAccepted).padStart(14),
        (duplicate === undefined ? 'none' : 'FOUND').padStart(10),
        (lost === undefined ? 'none' : 'FOUND').padStart(5),
        ((performance.now() - startedAt) / 1000).toFixed(1).padStart(8),
      ].join(' '),
    );
    for (const finding of [duplicate, lost]) {
      if (finding === undefined) continue;
      isKept = false;
      printSteps(finding);
    }
  }
  return isKept;
}

function explorePlanted(): boolean {
  let found = 0;
  for (const { name, protocol, scene, shows } of planted) {
    const finding = explore(protocol, scene, shows)[shows];
    if (finding !== undefined) found++;
    print(`${finding === undefined ? 'NOT FOUND' : `found (${shows})`}: ${name}`);
    if (finding !== undefined) printSteps(finding);
  }
  print(`${found} of ${planted.length} planted faults found`);
  return found === planted.length;
}

const { values } = parseArgs({
  options: { deliveries: { type: 'string', default: '6' }, planted: { type: 'boolean', default: false } },
});
const deliveries = Number(values.deliveries);
if (!Number.isInteger(deliveries) || deliveries < 1 || deliveries > 6) {
  print('usage: run [--deliveries 1..6] [--planted]');
  process.exitCode = 2;
} else if (!(values.planted ? explorePlanted() : exploreShipped(deliveries))) process.exitCode = 1;
