import type { Proof } from '../harness/proof.ts';
import { defects } from './defects.ts';
import { type PlantedDefect, plantDefects } from './plant-defects.ts';

/** All of them side by side, once: most of their time is waiting. */
let planted: Promise<readonly PlantedDefect[]> | undefined;

/** Plants one defect at a time into the command line, and shows that a named test notices it. */
export const cli: Proof = {
  defects: defects.map(({ name, change }) => ({ name, changes: [change] })),
  async plant({ name, changes = [] }, { projectRoot }) {
    planted ??= plantDefects(defects, projectRoot);
    const results = await planted;
    if (changes.length === 0)
      return results
        .filter(({ without }) => without !== 'passed')
        .map(({ test }) => `does not pass: ${test}`);
    return results.filter((one) => one.name === name && one.isNoticed).map(({ test }) => `fails: ${test}`);
  },
};
