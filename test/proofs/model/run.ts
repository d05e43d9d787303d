import { type Figure, missesIn, none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { type Exploration, explore, type Finding } from './ledger-model.ts';
import { planted } from './planted.ts';
import { shipped } from './protocol.ts';
import { scenes } from './scenes.ts';

/** Every interleaving, against the ledger's functions as they ship; or, planted, protocols with one thing wrong each. */
export const model: Proof<'deliveries'> = {
  async *runs({ counts: { deliveries } }) {
    for (const scene of scenes(deliveries)) {
      const report = explore(shipped, scene);
      const where = `${scene.name}, ${scene.deliveries} deliveries`;
      yield { where, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects: planted,
  async plant({ name }, { counts: { deliveries } }) {
    const defect = planted.find((one) => one.name === name);
    const explored =
      defect === undefined
        ? scenes(deliveries).map((scene) => explore(shipped, scene))
        : [explore(defect.protocol, defect.scene, defect.shows)];
    return explored.flatMap((report) => missesIn(name, figuresOf(report)));
  },
};

/** By the names that a planted protocol has to show. */
function figuresOf({ duplicate, lost }: Exploration): readonly Figure[] {
  return [none('duplicate', duplicate === undefined ? 0 : 1), none('lost', lost === undefined ? 0 : 1)];
}

function detailsOf({ states, maximumAccepted, duplicate, lost }: Exploration): readonly string[] {
  const found = [...stepsOf(duplicate), ...stepsOf(lost)];
  return [`${states} states, at most ${maximumAccepted} accepted`, ...found];
}

function stepsOf(finding: Finding | undefined): readonly string[] {
  return finding?.steps.map((step, index) => `${String(index + 1).padStart(2)}. ${step}`) ?? [];
}
