import { describe, expect, it } from 'vitest';
import { type PauseResult, pauseInWords, pauseResultSchema } from '../../../../cli/pause/pause.ts';

const noon = Date.UTC(2026, 0, 1, 12);

const paused: PauseResult = {
  sending: 'paused',
  changed: true,
  idle: true,
  waiting: 2,
  outOfSight: 1,
  delayed: 1,
  defaultLifeSeconds: 4 * 60 * 60,
};

describe('a pause in words', () => {
  it.each([
    [undefined, 'after it was queued.'],
    [
      '2026-01-01T15:00:00.000Z',
      'after it was queued: the oldest in 3 h (2026-01-01T15:00:00.000Z), unless it says otherwise.',
    ],
    ['2026-01-01T11:00:00.000Z', 'after it was queued; the oldest has been there for longer.'],
  ])('claims no expiry of messages that nobody has read: %s', (defaultExpiresAt, end) => {
    const result = { ...paused, ...(defaultExpiresAt !== undefined && { defaultExpiresAt }) };

    const words = pauseInWords(pauseResultSchema.parse(result), noon);

    expect(words).toEqual([
      'Sending is paused, and nothing is with the sender.',
      '3 wait on the sends queue, 1 more wait for another try.',
      `A message expires when it says so itself, else 4 h ${end}`,
    ]);
  });
});
