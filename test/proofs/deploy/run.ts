import { setMaxListeners } from 'node:events';
import { none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { runDeployTest } from './deploy-test.ts';
import { emulators } from './emulators.ts';
import { claimsByEmulator, createReport } from './report.ts';

const print = (line: string) => void process.stderr.write(`${line}\n`);

/** Deploys to an AWS that others emulate on this machine, from nothing to removed, and tells each claim as it is held. */
export const deploy: Proof<string, keyof typeof emulators> = {
  parts: { option: 'emulator', values: ['moto', 'ministack'] },
  others: {
    keep: { meaning: 'leaves the stack and the emulator up until Ctrl-C, instead of removing the stack' },
    record: { meaning: 'writes anew what serverless and relay ask AWS for, for `npm run check:permissions`' },
  },
  async *runs({ parts, others, projectRoot }) {
    const abort = new AbortController();
    // Each command that runs listens to it, and limits are asked about side by side.
    setMaxListeners(100, abort.signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
    const claims = new Map<string, readonly string[]>();
    for (const part of parts) {
      const emulator = emulators[part];
      const report = createReport(emulator.name, print);
      try {
        await runDeployTest({
          emulator,
          projectRoot,
          report,
          signal: abort.signal,
          keep: others.has('keep'),
          record: others.has('record'),
        });
      } catch (error) {
        if (!abort.signal.aborted) throw error;
        throw new Error('Broken off; everything that was started has been ended.', { cause: error });
      }
      const { held, failed, substitutions, claims: made } = report.counts();
      claims.set(emulator.name, made);
      yield {
        where: `deploy to ${emulator.name}`,
        figures: [
          none('claims that do not hold', failed),
          { name: 'claims that hold', value: held, atLeast: 1 },
        ],
        details: [`${substitutions} substitutions, each told above`],
        report: report.counts(),
      };
    }
    for (const { claim, emulators: by } of claimsByEmulator(claims))
      print(`  ${(by.length > 1 ? 'both' : by.join()).padEnd(9)} ${claim}`);
  },
  defects: [],
};
