import { describe, expect, it } from 'vitest';
import * as entryFunctions from '../../../lib/delivery/ledger/entry.ts';
import { explore } from './ledger-model.ts';
import { planted } from './planted.ts';
import { shipped } from './protocol.ts';
import { scenes } from './scenes.ts';

/** The largest takes seconds: `node test/support/run.mjs test/proofs/model/run.ts --planted` explores it, too. */
const quick = planted.filter(({ scene }) => scene.releases === 0);

describe('every interleaving of the ledger as it ships', () => {
  it('is explored with the functions that ship', () => {
    const { routines, ...functions } = shipped;

    expect(entryFunctions).toMatchObject(functions);
    expect(Object.keys(routines)).toHaveLength(11);
  });

  it.each(scenes(4))('accepts no duplicate and loses nothing: $name', (scene) => {
    const { duplicate, lost, states } = explore(shipped, scene);

    expect({ duplicate, lost }).toEqual({ duplicate: undefined, lost: undefined });
    expect(states).toBeGreaterThan(1_000);
  });

  it('reaches one acceptance under hold and, under resend, one for each delivery', () => {
    const [hold, , resend] = scenes(3).map((scene) => explore(shipped, scene).maximumAccepted);

    expect(hold).toBe(1);
    expect(resend).toBe(3);
  });
});

describe('the model finds out', () => {
  it.each(quick)('$name', ({ protocol, scene, shows }) => {
    const finding = explore(protocol, scene, shows)[shows];

    expect(finding?.steps.length).toBeGreaterThan(3);
    expect(finding?.steps).not.toContain('');
  });
});
