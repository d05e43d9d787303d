import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueHeap } from '../../../../../local/aws/sqs/due-heap.ts';

const isNoThird = (item: number): boolean => item % 3 !== 0;

const drain = (heap: DueHeap<number>): number[] => {
  const items: number[] = [];
  for (let due = heap.peek(); due !== undefined; due = heap.peek()) {
    items.push(due.item);
    heap.pop();
  }
  return items;
};

/** What must come out: by time, and by order of arrival where the time is the same. */
const sorted = (times: readonly number[], isWanted: (item: number) => boolean): number[] =>
  times
    .map((dueAt, item) => ({ dueAt, item }))
    .filter(({ item }) => isWanted(item))
    .toSorted((a, b) => a.dueAt - b.dueAt || a.item - b.item)
    .map(({ item }) => item);

test('items come out by their time, and by their arrival where that is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const heap = new DueHeap<number>();
      for (const [item, dueAt] of times.entries()) heap.push(dueAt, item);

      const items = drain(heap);

      expect(items).toEqual(sorted(times, () => true));
    }),
  );
});

test('what is not kept is gone, and the rest keeps its order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const heap = new DueHeap<number>();
      for (const [item, dueAt] of times.entries()) heap.push(dueAt, item);

      heap.keep(isNoThird);

      expect(drain(heap)).toEqual(sorted(times, isNoThird));
    }),
  );
});
