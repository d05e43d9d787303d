import { expect, test } from 'vitest';
import { ulidGenerator, ulidToUuid } from '../../../connectly-events/ulid.ts';

test('an id is 26 characters: the time, then the random bits', () => {
  const newId = ulidGenerator({ now: () => 1_469_918_176_385, random: () => 0 });

  const id = newId();

  expect(id).toBe('01ARYZ6S410000000000000000');
});

test.each([0, 0.5, 0.999_999_999])('ids stay apart and grow when random always says %f', (constant) => {
  const newId = ulidGenerator({ now: () => 1_469_918_176_385, random: () => constant });

  const ids = Array.from({ length: 100 }, newId);

  expect(new Set(ids).size).toBe(100);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
});

test('ids grow when the clock goes back', () => {
  let now = 2000;
  const newId = ulidGenerator({ now: () => now, random: () => 0.5 });
  const before = newId();

  now = 1000;
  const after = newId();

  expect(after > before).toBe(true);
});

test('the UUID form has the same 128 bits', () => {
  expect(ulidToUuid('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('01563e3a-b5d3-d676-4c61-efb99302bd5b');
});
