import { describe, expect, it } from 'vitest';
import * as entryFunctions from '../../../lib/delivery/ledger/entry.ts';
import { explore } from './ledger-model.ts';
import { shipped } from './protocol.ts';
import { scenes } from './scenes.ts';

describe('every interleaving of the ledger as it ships', () => {
  it('is explored with the functions that ship', () => {
    const { routines, ...functions } = shipped;

    expect(entryFunctions).toMatchObject(functions);
    expect(Object.keys(routines)).toHaveLength(11);
  });

  it('reaches one acceptance under hold and, under resend, one for each delivery', () => {
    const [hold, , resend] = scenes(3).map((scene) => explore(shipped, scene).maximumAccepted);

    expect(hold).toBe(1);
    expect(resend).toBe(3);
  });
});
