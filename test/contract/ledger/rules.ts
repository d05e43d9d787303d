import assert from 'node:assert/strict';
import type { LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import type { LedgerStore, StoredEntry, Written } from '../../../lib/delivery/ledger/ledger.ts';

/** Something that every store of the ledger must do, whatever it is made of. */
export interface Rule {
  readonly name: string;
  /** `key` is this rule's own, and new. */
  run(store: LedgerStore, key: string): Promise<void>;
}

/** Whole seconds, as stores keep `forgetAt`. */
const forgetAt = Date.UTC(2027, 0, 1);

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  state: 'SENDING',
  content: 'content-1',
  attemptId: 'attempt-1',
  leaseUntil: Date.UTC(2026, 11, 1, 10, 0, 0, 123),
  forgetAt,
  ...change,
});

async function inserted(
  store: LedgerStore,
  key: string,
  change?: Partial<LedgerEntry>,
): Promise<StoredEntry> {
  return storedBy(await store.insert(key, entry(change)));
}

function storedBy(written: Written): StoredEntry {
  assert(written.ok, 'the write must succeed');
  return written.stored;
}

function refused(written: Written): StoredEntry | undefined {
  assert(!written.ok, 'the write must be refused');
  return written.current;
}

const winners = (results: readonly Written[]) => results.filter(({ ok }) => ok).length;

export const rules: readonly Rule[] = [
  {
    name: 'a key that nobody has written has no entry',
    async run(store, key) {
      assert.equal(await store.read(key), undefined);
    },
  },
  {
    name: 'what is inserted is read back, whole and with its revision',
    async run(store, key) {
      const stored = await inserted(store, key, { vendorId: '01FRRWW2ZAHD9GJ1SWY4VF2GBD' });

      assert.deepEqual(stored.entry, entry({ vendorId: '01FRRWW2ZAHD9GJ1SWY4VF2GBD' }));
      assert.deepEqual(await store.read(key), stored);
    },
  },
  {
    name: 'an entry without a vendor id is read back without one',
    async run(store, key) {
      await inserted(store, key);

      const read = await store.read(key);

      assert(read !== undefined && !('vendorId' in read.entry));
    },
  },
  {
    name: 'a doubt is kept, and none is read where there was none',
    async run(store, key) {
      const first = await inserted(store, key);
      const doubted = storedBy(await store.replace(key, first.revision, entry({ doubt: 'released' })));

      assert.equal((await store.read(key))?.entry.doubt, 'released');
      await store.replace(key, doubted.revision, entry());
      const read = await store.read(key);

      assert(read !== undefined && !('doubt' in read.entry));
    },
  },
  ...(['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const).map(
    (state): Rule => ({
      name: `the state ${state} is kept`,
      async run(store, key) {
        await inserted(store, key, { state });

        assert.equal((await store.read(key))?.entry.state, state);
      },
    }),
  ),
  {
    name: 'an entry is never forgotten before its time: forgetAt is rounded up to a second',
    async run(store, key) {
      const stored = await inserted(store, key, { forgetAt: forgetAt - 999 });

      assert.equal(stored.entry.forgetAt, forgetAt);
      assert.equal((await store.read(key))?.entry.forgetAt, forgetAt);
    },
  },
  {
    name: 'a key is inserted once: the second is refused and sees the first',
    async run(store, key) {
      const first = await inserted(store, key);

      const second = await store.insert(key, entry({ attemptId: 'attempt-2' }));

      assert.deepEqual(refused(second), first);
      assert.deepEqual(await store.read(key), first);
    },
  },
  {
    name: 'an entry whose time has passed is still there, and still refuses an insert',
    async run(store, key) {
      const first = await inserted(store, key, { forgetAt: Date.UTC(2020, 0, 1) });

      const second = await store.insert(key, entry({ attemptId: 'attempt-2' }));

      assert.deepEqual(refused(second), first);
    },
  },
  {
    name: 'the revision that is there may be replaced, and is another one then',
    async run(store, key) {
      const first = await inserted(store, key);

      const second = storedBy(await store.replace(key, first.revision, entry({ state: 'SENT' })));

      assert.notEqual(second.revision, first.revision);
      assert.equal(second.entry.state, 'SENT');
      assert.deepEqual(await store.read(key), second);
    },
  },
  {
    name: 'a replacement leaves nothing of what was there before',
    async run(store, key) {
      const first = await inserted(store, key, { vendorId: 'vendor-1' });

      await store.replace(key, first.revision, entry());

      assert.deepEqual((await store.read(key))?.entry, entry());
    },
  },
  {
    name: 'a revision of the past is refused and sees what is there',
    async run(store, key) {
      const first = await inserted(store, key);
      const second = storedBy(await store.replace(key, first.revision, entry({ state: 'UNKNOWN' })));

      const late = await store.replace(key, first.revision, entry({ state: 'RETRY' }));

      assert.deepEqual(refused(late), second);
      assert.deepEqual(await store.read(key), second);
    },
  },
  {
    name: 'nothing can be replaced where there is nothing',
    async run(store, key) {
      const written = await store.replace(key, 1, entry());

      assert.equal(refused(written), undefined);
      assert.equal(await store.read(key), undefined);
    },
  },
  {
    name: 'an insert that is repeated, because its answer was lost, is confirmed',
    async run(store, key) {
      const first = await inserted(store, key);

      const repeated = await store.insert(key, entry());

      assert.deepEqual(storedBy(repeated), first);
      assert.deepEqual(await store.read(key), first);
    },
  },
  {
    name: 'a replacement that is repeated, because its answer was lost, is confirmed',
    async run(store, key) {
      const { revision } = await inserted(store, key);
      const second = storedBy(await store.replace(key, revision, entry({ state: 'SENT' })));

      const repeated = await store.replace(key, revision, entry({ state: 'SENT' }));

      assert.deepEqual(storedBy(repeated), second);
    },
  },
  {
    name: 'an insert that is repeated is refused when somebody has written since, though the attempt is the same',
    async run(store, key) {
      const { revision } = await inserted(store, key);
      const parked = storedBy(await store.replace(key, revision, entry({ state: 'UNKNOWN' })));

      const repeated = await store.insert(key, entry());

      assert.deepEqual(refused(repeated), parked);
    },
  },
  {
    name: 'an entry that has come back to what it was is not taken for the same write',
    async run(store, key) {
      const first = await inserted(store, key);
      const second = storedBy(await store.replace(key, first.revision, entry({ state: 'RETRY' })));
      const third = storedBy(await store.replace(key, second.revision, entry()));

      const repeated = await store.insert(key, entry());

      assert.deepEqual(refused(repeated), third);
    },
  },
  {
    name: 'of many who insert at once exactly one succeeds, and the others see that one',
    async run(store, key) {
      const attempts = Array.from({ length: 8 }, (_, index) => `attempt-${index}`);

      const results = await Promise.all(attempts.map((attemptId) => store.insert(key, entry({ attemptId }))));

      const there = await store.read(key);
      assert.equal(winners(results), 1);
      for (const result of results) assert.deepEqual(result.ok ? result.stored : result.current, there);
    },
  },
  {
    name: 'of many who replace one revision at once exactly one succeeds',
    async run(store, key) {
      const { revision } = await inserted(store, key);
      const attempts = Array.from({ length: 8 }, (_, index) => `later-${index}`);

      const results = await Promise.all(
        attempts.map((attemptId) => store.replace(key, revision, entry({ attemptId }))),
      );

      const there = await store.read(key);
      const winner = results.find(({ ok }) => ok);
      assert.equal(winners(results), 1);
      assert(winner?.ok);
      assert.deepEqual(winner.stored, there);
    },
  },
  {
    name: 'keys do not know of each other',
    async run(store, key) {
      const other = `${key}-other`;
      await inserted(store, key);
      const stored = await inserted(store, other, { attemptId: 'attempt-2' });

      await store.replace(key, 1, entry({ state: 'SENT' }));

      assert.deepEqual(await store.read(other), stored);
    },
  },
];
