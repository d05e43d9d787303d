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

/** Each check stands under the name of its rule. */
const checks: Readonly<Record<string, Rule['run']>> = {
  async 'a key that nobody has written has no entry'(store, key) {
    assert.equal(await store.read(key), undefined);
  },
  async 'what is inserted is read back, whole and with its revision'(store, key) {
    const stored = await inserted(store, key, { vendorId: '01FRRWW2ZAHD9GJ1SWY4VF2GBD' });

    assert.deepEqual(stored.entry, entry({ vendorId: '01FRRWW2ZAHD9GJ1SWY4VF2GBD' }));
    assert.deepEqual(await store.read(key), stored);
  },
  async 'an entry without a vendor id is read back without one'(store, key) {
    await inserted(store, key);

    const read = await store.read(key);

    assert(read !== undefined && !('vendorId' in read.entry));
  },
  async 'a doubt is kept, and none is read where there was none'(store, key) {
    const first = await inserted(store, key);
    const doubted = storedBy(await store.replace(key, first.revision, entry({ doubt: 'released' })));

    assert.equal((await store.read(key))?.entry.doubt, 'released');
    await store.replace(key, doubted.revision, entry());
    const read = await store.read(key);

    assert(read !== undefined && !('doubt' in read.entry));
  },
  ...Object.fromEntries(
    (['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const).map((state): [string, Rule['run']] => [
      `the state ${state} is kept`,
      async (store, key) => {
        await inserted(store, key, { state });

        assert.equal((await store.read(key))?.entry.state, state);
      },
    ]),
  ),
  async 'an entry is never forgotten before its time: forgetAt is rounded up to a second'(store, key) {
    const stored = await inserted(store, key, { forgetAt: forgetAt - 999 });

    assert.equal(stored.entry.forgetAt, forgetAt);
    assert.equal((await store.read(key))?.entry.forgetAt, forgetAt);
  },
  async 'a key is inserted once: the second is refused and sees the first'(store, key) {
    const first = await inserted(store, key);

    const second = await store.insert(key, entry({ attemptId: 'attempt-2' }));

    assert.deepEqual(refused(second), first);
    assert.deepEqual(await store.read(key), first);
  },
  async 'an entry whose time has passed is still there, and still refuses an insert'(store, key) {
    const first = await inserted(store, key, { forgetAt: Date.UTC(2020, 0, 1) });

    const second = await store.insert(key, entry({ attemptId: 'attempt-2' }));

    assert.deepEqual(refused(second), first);
  },
  async 'the revision that is there may be replaced, and is another one then'(store, key) {
    const first = await inserted(store, key);

    const second = storedBy(await store.replace(key, first.revision, entry({ state: 'SENT' })));

    assert.notEqual(second.revision, first.revision);
    assert.equal(second.entry.state, 'SENT');
    assert.deepEqual(await store.read(key), second);
  },
  async 'a replacement leaves nothing of what was there before'(store, key) {
    const first = await inserted(store, key, { vendorId: 'vendor-1' });

    await store.replace(key, first.revision, entry());

    assert.deepEqual((await store.read(key))?.entry, entry());
  },
  async 'a revision of the past is refused and sees what is there'(store, key) {
    const first = await inserted(store, key);
    const second = storedBy(await store.replace(key, first.revision, entry({ state: 'UNKNOWN' })));

    const late = await store.replace(key, first.revision, entry({ state: 'RETRY' }));

    assert.deepEqual(refused(late), second);
    assert.deepEqual(await store.read(key), second);
  },
  async 'nothing can be replaced where there is nothing'(store, key) {
    const written = await store.replace(key, 1, entry());

    assert.equal(refused(written), undefined);
    assert.equal(await store.read(key), undefined);
  },
  async 'an insert that is repeated, because its answer was lost, is confirmed'(store, key) {
    const first = await inserted(store, key);

    const repeated = await store.insert(key, entry());

    assert.deepEqual(storedBy(repeated), first);
    assert.deepEqual(await store.read(key), first);
  },
  async 'a replacement that is repeated, because its answer was lost, is confirmed'(store, key) {
    const { revision } = await inserted(store, key);
    const second = storedBy(await store.replace(key, revision, entry({ state: 'SENT' })));

    const repeated = await store.replace(key, revision, entry({ state: 'SENT' }));

    assert.deepEqual(storedBy(repeated), second);
  },
  async 'an insert that is repeated is refused when somebody has written since, though the attempt is the same'(
    store,
    key,
  ) {
    const { revision } = await inserted(store, key);
    const parked = storedBy(await store.replace(key, revision, entry({ state: 'UNKNOWN' })));

    const repeated = await store.insert(key, entry());

    assert.deepEqual(refused(repeated), parked);
  },
  async 'an entry that has come back to what it was is not taken for the same write'(store, key) {
    const first = await inserted(store, key);
    const second = storedBy(await store.replace(key, first.revision, entry({ state: 'RETRY' })));
    const third = storedBy(await store.replace(key, second.revision, entry()));

    const repeated = await store.insert(key, entry());

    assert.deepEqual(refused(repeated), third);
  },
  async 'of many who insert at once exactly one succeeds, and the others see that one'(store, key) {
    const attempts = Array.from({ length: 8 }, (_, index) => `attempt-${index}`);

    const results = await Promise.all(attempts.map((attemptId) => store.insert(key, entry({ attemptId }))));

    const there = await store.read(key);
    assert.equal(winners(results), 1);
    for (const result of results) assert.deepEqual(result.ok ? result.stored : result.current, there);
  },
  async 'of many who replace one revision at once exactly one succeeds'(store, key) {
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
  async 'keys do not know of each other'(store, key) {
    const other = `${key}-other`;
    await inserted(store, key);
    const stored = await inserted(store, other, { attemptId: 'attempt-2' });

    await store.replace(key, 1, entry({ state: 'SENT' }));

    assert.deepEqual(await store.read(other), stored);
  },
};

export const rules: readonly Rule[] = Object.entries(checks).map(([name, run]) => ({ name, run }));
