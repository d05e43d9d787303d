import { expect, it } from 'vitest';
import { BoundedList } from '../../../local/bounded-list.ts';

it('the newest items stay, oldest first', () => {
  const list = new BoundedList<number>({ items: 3 });

  for (let item = 1; item <= 5_000; item += 1) list.add(item);

  expect([...list]).toEqual([4_998, 4_999, 5_000]);
});

it('items stay for as long as there is room for their bytes', () => {
  const list = new BoundedList<string>({ items: 100, bytes: 10, bytesOf: (text) => text.length });

  for (const text of ['1234', '5678', '90', 'ab', 'c']) list.add(text);

  expect([...list]).toEqual(['5678', '90', 'ab', 'c']);
  expect(list.bytes).toBe(9);
});

it('an item that is too large for the list empties it', () => {
  const list = new BoundedList<string>({ items: 100, bytes: 3, bytesOf: (text) => text.length });

  list.add('ab');
  list.add('abcd');

  expect([...list]).toEqual([]);
  expect(list.bytes).toBe(0);
});
