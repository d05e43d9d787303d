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

it('a good result outweighs a bad one that began before, though that one is known later', () => {
  const evidence = createEvidence();
  evidence.good(7);

  evidence.bad('began later', 8);
  evidence.bad('began before', 6);
  evidence.bad('began before, too', 5);

  expect([...evidence.messages]).toEqual(['began later', 'began before, too']);
});

it('a good result that has outweighed a bad one outweighs no other', () => {
  const evidence = badUpTo(1);
  evidence.good(9);

  evidence.bad('b', 2);

  expect([...evidence.messages]).toEqual(['b']);
});

it('keeps the 64 latest good results for bad ones to come', () => {
  const evidence = createEvidence();
  for (let ticket = 101; ticket <= 300; ticket += 1) evidence.good(ticket);

  for (let ticket = 1; ticket <= 66; ticket += 1) evidence.bad(`message-${ticket}`, ticket);

  expect([...evidence.messages]).toEqual(['message-65', 'message-66']);
});

it('says what is left if those go well that began after the oldest and are under way', () => {
  const evidence = createEvidence();
  const ofNone = evidence.sizeIfWell([]);
  for (const ticket of [5, 6, 7, 8]) evidence.bad(`message-${ticket}`, ticket);

  const left = [
    evidence.sizeIfWell([]),
    evidence.sizeIfWell([3, 4, 9]),
    evidence.sizeIfWell([9, 10, 11, 12]),
  ];

  expect(ofNone).toBe(0);
  expect(left).toEqual([4, 3, 0]);
  expect(evidence.size).toBe(4);
});

it('forgets the messages that it is told to, and its own, too', () => {
  const evidence = badUpTo(4);

  evidence.forget(['message-1', 'message-3', 'message-9']);
  const left = [...evidence.messages];
  evidence.forget(evidence.messages);

  expect(left).toEqual(['message-2', 'message-4']);
  expect(evidence.size).toBe(0);
});
