import type { Random } from '../harness/random.ts';

/** A record on its way to a handler; no longer certainly what Lambda promises. */
export type DamagedRecord = Readonly<Record<string, unknown>>;

export function recordsOf(event: unknown): readonly DamagedRecord[] {
  const list = typeof event === 'object' && event !== null && 'Records' in event ? event.Records : [];
  return Array.isArray(list) ? list : [];
}

/** Damages one record in a hundred. */
export function damaged(record: DamagedRecord, random: Random): DamagedRecord {
  if (!random.chance(0.01)) return record;
  return random.pick([
    { ...record, attributes: undefined },
    { ...record, messageAttributes: null },
    { ...record, body: undefined },
    { messageId: record['messageId'] },
  ]);
}

/** No handler can make anything of it. That a message has no attributes is nothing wrong, however AWS says so. */
export function isBeyondReading(record: DamagedRecord): boolean {
  return !record['body'];
}
