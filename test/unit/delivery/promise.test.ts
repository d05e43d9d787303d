import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createClaim } from '../../../lib/delivery/ledger/ledger.ts';
import type { IfUnclear } from '../../../lib/message/message.ts';
import { type Defect, type Fate, liveThrough } from './promise-world.ts';

const lives = 300;
const randomSeed = randomInt(1_000_000) * 1_000;

/** A refusal by Connectly comes once in hundreds of lives: in some of these. */
const variedSeed = 1_001;

/** What the promise of each policy says about a single message, and what there is to say against a fate of it. */
const promises: Readonly<Record<IfUnclear, (fate: Fate) => string | undefined>> = {
  hold: ({ accepted }) => (accepted > 1 ? `accepted ${accepted} times` : undefined),
  // Every status arrives here, so nothing is left for the one exception of `settle`.
  settle: ({ accepted }) => (accepted > 1 ? `accepted ${accepted} times` : undefined),
  resend: ({ accepted, unclear }) =>
    accepted > 1 + unclear ? `accepted ${accepted} times after ${unclear} unclear attempts` : undefined,
};

function complaintAbout(policy: IfUnclear, fate: Fate): string | undefined {
  if (!fate.isKnown && fate.dead.length === 0) return 'lost';
  return fate.left > 0 ? 'never done' : promises[policy](fate);
}

async function complaints(policy: IfUnclear, firstSeed: number, defect?: Defect): Promise<string[]> {
  const found: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + lives; seed++) {
    const complaint = complaintAbout(policy, await liveThrough(seed, policy, defect));
    if (complaint !== undefined) found.push(`seed ${seed}: ${complaint}`);
  }
  return found;
}

describe.each(['hold', 'settle', 'resend'] as const)('under %s the promise is kept', (policy) => {
  it.each([1, randomSeed])(
    `whatever crashes, overlaps and gets lost (${lives} lives from seed %i)`,
    async (seed) => {
      const found = await complaints(policy, seed);

      expect(found).toEqual([]);
    },
  );
});

it('the lives differ: messages are sent at once, late, twice under resend, refused, expired and left unknown', async () => {
  const fates = await Promise.all(
    (['hold', 'settle', 'resend'] as const).map(async (policy) => {
      const found: Fate[] = [];
      for (let seed = variedSeed; seed < variedSeed + lives; seed++)
        found.push(await liveThrough(seed, policy));
      return found;
    }),
  );

  const [held = [], settled = [], resent = []] = fates;
  const reasons = new Set(fates.flat().flatMap(({ dead }) => dead));
  expect([...reasons].toSorted()).toEqual(['ERROR_CODE_X', 'expired', 'outcome-unknown']);
  expect(resent.some(({ accepted }) => accepted > 1)).toBe(true);
  expect(settled.filter(({ accepted }) => accepted === 1).length).toBeGreaterThan(lives / 2);
  expect(held.some(({ accepted, dead }) => accepted === 1 && dead.includes('outcome-unknown'))).toBe(true);
});

describe('a defect is found', () => {
  const defects: readonly (readonly [string, IfUnclear, RegExp, Defect])[] = [
    [
      'the ledger is not asked',
      'hold',
      /accepted/,
      {
        claims: () => () =>
          Promise.resolve({ granted: true, isInDoubt: false, finish: () => Promise.resolve() }),
      },
    ],
    [
      'an attempt that was lost is repeated under hold',
      'hold',
      /accepted/,
      {
        claims: (options) => {
          const claim = createClaim(options);
          return (sendable, isCopy) => claim({ ...sendable, ifUnclear: 'resend' }, isCopy);
        },
      },
    ],
    [
      'writes to the ledger do not look at what is there',
      'hold',
      /accepted/,
      {
        store: (ledger) => ({
          ...ledger,
          async insert(key, entry) {
            const current = await ledger.read(key);
            return current === undefined
              ? ledger.insert(key, entry)
              : ledger.replace(key, current.revision, entry);
          },
        }),
      },
    ],
    [
      'a message is acknowledged before its copy is parked',
      'hold',
      /lost/,
      {
        effects: (effects, acknowledge) => ({
          ...effects,
          park(note) {
            acknowledge();
            return effects.park(note);
          },
        }),
      },
    ],
    [
      'the ledger is written before the copy is parked',
      'hold',
      /lost/,
      {
        effects: (effects) => ({
          ...effects,
          park: async (note) => void setImmediate(() => void effects.park(note)),
        }),
      },
    ],
  ];

  it.each(defects)('when %s', async (_, policy, complaint, defect) => {
    const found = await complaints(policy, 1, defect);

    expect(found.join('\n')).toMatch(complaint);
  });
});
