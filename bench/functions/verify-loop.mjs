// Verifies a body with each of the verifiers in the bundles that are named, in turns, and prints the CPU that each takes,
// in microseconds: a JSON object with a list for each name, of one number for each round.
// Arguments: how many rounds, how many bytes, the bundles.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [rounds = '', bytes = '', ...bundles] = process.argv.slice(2);
const body = Buffer.alloc(Number(bytes), 'a');
const verificationsInARound = 2_000;

/** @type {Record<string, number[]>} */
const taken = {};
/** @type {[name: string, verify: () => unknown][]} */
const verifiers = [];
for (const bundle of bundles) {
  for (const [name, prepare] of Object.entries(require(bundle).verifiers)) {
    verifiers.push([name, await prepare(body)]);
    taken[name] = [];
  }
}

// The first round is for the compiler.
for (let round = 0; round <= Number(rounds); round += 1) {
  for (const [name, verify] of verifiers) {
    const before = process.cpuUsage();
    for (let count = 0; count < verificationsInARound; count += 1) await verify();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) taken[name]?.push((user + system) / verificationsInARound);
  }
}
process.stdout.write(JSON.stringify(taken));
