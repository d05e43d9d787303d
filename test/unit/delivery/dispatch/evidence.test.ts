import { expect, it } from 'vitest';
import { createEvidence } from '../../../../lib/delivery/dispatch/evidence.ts';

/** Messages 1 to `last`, each by the request of its own number, went badly. */
function badUpTo(last: number) {
  const evidence = createEvidence();
  for (let number = 1; number <= last; number += 1) evidence.bad(`message-${number}`, number);
  return evidence;
}

it('there is none at first, and a good result leaves none', () => {
  const evidence = createEvidence();

  evidence.good(1);

  expect(evidence.size).toBe(0);
  expect(evidence.oldestTicket).toBeUndefined();
});

it('counts each message once, however often it goes badly, by its first request', () => {
  const evidence = createEvidence();

  evidence.bad('a', 1);
  evidence.bad('b', 2);
  evidence.bad('a', 3);

  expect(evidence.size).toBe(2);
  expect(evidence.oldestTicket).toBe(1);
  expect([...evidence.messages]).toEqual(['a', 'b']);
});

it('a good result outweighs the oldest bad one, and no other', () => {
  const evidence = badUpTo(3);

  evidence.good(4);

  expect([...evidence.messages]).toEqual(['message-2', 'message-3']);
  expect(evidence.oldestTicket).toBe(2);
});

it('a good result of a request that began before the oldest bad one says nothing', () => {
  const evidence = createEvidence();
  evidence.bad('a', 5);
  evidence.bad('b', 9);

  evidence.good(4);
  evidence.good(5);

  expect([...evidence.messages]).toEqual(['a', 'b']);
});

it('a good result outweighs the oldest bad one, though a bad request began after it: failures are quick', () => {
  const evidence = createEvidence();
  evidence.bad('a', 1);
  evidence.bad('b', 9);

  evidence.good(2);
  const afterFirst = [...evidence.messages];
  evidence.good(3);

  expect(afterFirst).toEqual(['b']);
  expect([...evidence.messages]).toEqual(['b']);
});

it('forgets the messages that it is told to, and its own, too', () => {
  const evidence = badUpTo(4);

  evidence.forget(['message-1', 'message-3', 'message-9']);
  const left = [...evidence.messages];
  evidence.forget(evidence.messages);

  expect(left).toEqual(['message-2', 'message-4']);
  expect(evidence.size).toBe(0);
});
