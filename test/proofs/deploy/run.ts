import { none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { runDeployTest } from './deploy-test.ts';
import { createReport } from './report.ts';

/** Deploys to an emulated AWS on this machine, from nothing to removed, and tells each claim as it is held. */
export const deploy: Proof = {
  others: {
    keep: { meaning: 'leaves the stack and the emulator up until Ctrl-C, instead of removing the stack' },
    record: { meaning: 'writes anew what serverless and relay ask AWS for, for `npm run check:permissions`' },
  },
  async *runs({ others, projectRoot }) {
    const report = createReport((line) => void process.stderr.write(`${line}\n`));
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
    try {
      await runDeployTest({
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
    const { held, failed, substitutions } = report.counts();
    yield {
      where: 'deploy',
      figures: [
        none('claims that do not hold', failed),
        { name: 'claims that hold', value: held, atLeast: 1 },
      ],
      details: [`${substitutions} substitutions, each told above`],
      report: report.counts(),
    };
  },
  defects: [],
};
