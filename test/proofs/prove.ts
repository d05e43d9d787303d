// `npm run prove`: lists the proofs; runs one, as the table says or as it is told; runs all that need nothing besides.
// Ends with 0 when everything holds, with 1 when something does not, with 2 for a wrong command line.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { ToolError } from '../support/tools.ts';
import { readOptions, UsageError, usageOf } from './harness/options.ts';
import { runPlanted, runProof } from './harness/run-proof.ts';
import { proofs } from './index.ts';
import { listOf } from './tables.ts';

const usage = `Usage: npm run prove                          what there is
       npm run prove -- <name> [options]      runs one at its full count; --help says what it takes
       npm run prove -- --all [options]       runs all but: ${proofs
         .filter(({ alone }) => alone !== undefined)
         .map(({ name, alone }) => `${name} (${alone})`)
         .join(', ')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...programArguments]: readonly string[]): Promise<number> {
  if (name === undefined) {
    print(await listOf(proofs));
    return 0;
  }
  if (name === '--help') {
    print(usage);
    return 0;
  }
  if (name === '--all') return runAll(programArguments);
  return runOne(name, programArguments);
}

async function runOne(name: string, programArguments: readonly string[]): Promise<number> {
  const entry = proofs.find((one) => one.name === name);
  if (entry === undefined) return refuse(`There is no proof ${name}.`, usage);
  const proof = await entry.load();
  try {
    // npm runs its scripts in the project's root.
    const options = readOptions(entry, proof, programArguments, process.cwd());
    if (options === undefined) {
      print(usageOf(entry, proof));
      return 0;
    }
    // Before anything can go wrong: without the seeds, a run cannot be repeated.
    if (options.seeds.length > 0) process.stderr.write(`seeds: ${options.seeds.join(', ')}\n`);
    const run = options.planted ? runPlanted : runProof;
    return (await run(proof, options, print)) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message, usageOf(entry, proof));
    process.stderr.write(`\n!!! ${error instanceof ToolError ? error.message : inspect(error)}\n`);
    return 1;
  }
}

/** Each in a process of its own: none can be harmed by what another one leaves behind. */
async function runAll(programArguments: readonly string[]): Promise<number> {
  const results: string[] = [];
  let failed = 0;
  for (const { name } of proofs.filter(({ alone }) => alone === undefined)) {
    print(`\n=== ${name}\n`);
    const startedAt = performance.now();
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name, ...programArguments], {
      stdio: 'inherit',
    });
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    failed += exitCode === 0 ? 0 : 1;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    results.push(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  }
  print(`\n${results.join('\n')}\n`);
  return failed === 0 ? 0 : 1;
}

function refuse(problem: string, help: string): number {
  process.stderr.write(`${problem}\n\n${help}`);
  return 2;
}

function print(text: string): void {
  process.stdout.write(text);
}
