import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';
import { connectlySender } from '../../../lib/connectly/sender.ts';
import { untouchedFields } from '../../../lib/delivery/log-lines.ts';
import { createSecretCache } from '../../../lib/secrets/cache.ts';
import { scene } from '../delivery/dispatch/dispatcher-scene.ts';
import { alarmNamed, isCountedBy, type Reading, ringing, type Sample, valueOf } from './alarm-scene.ts';

const minutesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const dueFrom = (first: number, last: number): Sample[] =>
  minutesFrom(first, last).map((minute) => ({ term: 'due', atSeconds: minute * 60, value: 5 }));

describe.each(['sliding', 'aligned'] as const)('With periods that are %s,', (periods) => {
  describe('the alarm for failed effects', () => {
    const alarm = alarmNamed('failed-effects');

    it.each(['sending', 'settling'])('stays silent after one hiccup of %s, however many it met', (term) => {
      const samples = Array.from({ length: 100 }, () => ({ term, atSeconds: 1_000, value: 1 }));

      const minutes = ringing(alarm, samples, { untilMinute: 60, periods });

      expect(minutes).toEqual([]);
    });

    it.each([
      // The visibility timeouts of the queues: so long it takes until a message is there again.
      ['sending', 361],
      ['settling', 181],
    ])(
      'rings when one message fails at %s twice, and for as long as it goes on failing',
      (term, everySeconds) => {
        for (let offset = 0; offset < 300; offset += 29) {
          const times = Array.from({ length: 8 }, (_, index) => 600 + offset + index * everySeconds);
          const samples: Sample[] = times.map((atSeconds) => ({ term, atSeconds, value: 1 }));
          const secondMinute = Math.ceil((600 + offset + 2 * everySeconds) / 60);
          const lastMinute = Math.floor((times.at(-1) ?? 0) / 60);

          const minutes = ringing(alarm, samples, { untilMinute: lastMinute, periods });

          expect(minutes).toEqual(expect.arrayContaining(minutesFrom(secondMinute, lastMinute)));
        }
      },
    );
  });

  describe('the alarm for the API key', () => {
    const alarm = alarmNamed('api-key');

    it.each(['business-fault', 'stage-fault'] as const)(
      'rings until a key is accepted again, although no other message is tried (%s)',
      async (fault) => {
        const { clock, dispatch, end, pauses, probes } = scene();
        dispatch('first');
        await end('first', fault);
        const code = { 'business-fault': 'connectly-401', 'stage-fault': 'secret-not-set' }[fault];
        const counted = [isCountedBy(alarm, 'attempt', { code })];
        for (let retry = 1; retry <= 9; retry++) {
          // What a message with an ordinary life waits at most.
          await clock.advance(15 * 60_000);
          dispatch(`retry-${retry}`);
          await probes.at(-1)?.say(fault);
          const pause = pauses.get(`retry-${retry}`);
          if (pause === undefined) throw new Error('It was not turned away.');
          const fields = untouchedFields([
            {
              outcome: { kind: 'not-sent', code: pause.paused, ours: true },
              acknowledge: false,
              untouched: { closure: pause.closure },
            },
          ]);
          counted.push(isCountedBy(alarm, 'untouched', fields));
        }

        const samples = counted.map((isCounted, index) => ({
          term: 'value',
          atSeconds: index * 15 * 60,
          value: isCounted ? 1 : 0,
        }));
        const minutes = ringing(alarm, samples, { untilMinute: 240, periods });

        expect(minutes).toEqual(expect.arrayContaining(minutesFrom(1, 135)));
        expect(Math.max(...minutes)).toBeLessThanOrEqual(9 * 15 + 22);
      },
    );

    it('stays silent for a message that is turned down, however often it comes back', () => {
      const samples = minutesFrom(0, 60).map((minute) => ({
        term: 'value',
        atSeconds: minute * 60,
        value: isCountedBy(alarm, 'attempt', { code: 'connectly-403' }) ? 1 : 0,
      }));

      const minutes = ringing(alarm, samples, { untilMinute: 120, periods });

      expect(minutes).toEqual([]);
    });
  });

  describe('the alarm for an outcomes queue that nobody looks after', () => {
    const alarm = alarmNamed('outcomes-untaken');

    it('rings a quarter of an hour after something was due, and ends when it is taken', () => {
      const taken = { term: 'taken', atSeconds: 3_600, value: 5 };

      const minutes = ringing(alarm, [...dueFrom(20, 59), taken], { untilMinute: 120, periods });

      expect(Math.min(...minutes)).toBeGreaterThanOrEqual(30);
      expect(Math.min(...minutes)).toBeLessThanOrEqual(36);
      expect(minutes).toContain(60);
      expect(Math.max(...minutes)).toBeLessThan(75);
    });

    it('stays silent while much comes and is taken, and while parked sends wait out of sight', () => {
      const taken = minutesFrom(0, 60).map((minute) => ({
        term: 'taken',
        atSeconds: minute * 60,
        value: 100,
      }));

      const busy = ringing(alarm, [...dueFrom(0, 60), ...taken], { untilMinute: 60, periods });
      const waiting = ringing(alarm, [], { untilMinute: 60, periods });

      expect(busy).toEqual([]);
      expect(waiting).toEqual([]);
    });
  });
});

describe('The alarm for the API key', () => {
  it.each<[string, () => Promise<string>]>([
    ['is empty', async () => ' '],
    ['is no JSON', async () => '{'],
    ['has a key that cannot be one', async () => 'a b'],
    ['names other businesses only', async () => '{"business-2":"k"}'],
    ['cannot be read', () => Promise.reject(new Error('throttled'))],
  ])('rings when the secret %s', async (_, read) => {
    const sender = connectlySender({
      http: { request: () => Promise.reject(new Error('not asked')), closeConnections: () => {} },
      baseUrl: new URL('https://api.connectly.ai'),
      apiKeys: createSecretCache({ fetch: read, parse: parseApiKeys, now: () => 0 }),
      senderNumber: undefined,
      now: () => 0,
    });

    const outcome = await sender.ask('business-1');

    const code = 'code' in outcome ? outcome.code : '';
    expect(isCountedBy(alarmNamed('api-key'), 'attempt', { code })).toBe(true);
  });

  it.each([
    ['attempt', 'connectly-429'],
    ['attempt', 'connectly-403'],
    ['probe-failed', 'connectly-503'],
    ['probe-failed', 'connectly-403'],
    ['untouched', 'no-time-left'],
    ['webhook', 'secret-not-set'],
  ])('does not hear of a %s that says %s', (event, code) => {
    expect(isCountedBy(alarmNamed('api-key'), event, { code })).toBe(false);
  });
});

describe.each<Reading>(['filled', 'nothing'])(
  'Where a metric that has never been is %s, the alarm for',
  (reading) => {
    it.each([
      ['signatures', { wrong: 1 }],
      ['signatures', { wrong: 1, queued: 18 }],
      ['signatures', { unsigned: 11 }],
      ['turned-away', { refused: 11 }],
      ['turned-away', { large: 1 }],
      ['outcomes-untaken', { due: 1 }],
      ['oldest-send', { waiting: 301 }],
      ['failed-effects', { settling: 1 }],
      ['function-errors', { sendDropped: 1 }],
    ])('%s rings for %j alone', (name, terms) => {
      const alarm = alarmNamed(name);

      const value = valueOf(alarm, terms, reading);

      expect(value).toBeGreaterThan(alarm.above);
    });
  },
);

describe('The alarm for webhooks that are turned away', () => {
  const alarm = alarmNamed('turned-away');

  it.each([
    ['one event that is too large', { large: 1, refused: 1 }],
    ['one that is too large, before API Gateway has counted it', { large: 1 }],
    ['throttling by API Gateway', { refused: 11 }],
    ['throttling among wrong signatures', { wrong: 500, unsigned: 500, refused: 1_011 }],
  ])('rings for %s', (_, terms) => {
    expect(valueOf(alarm, terms)).toBeGreaterThan(alarm.above);
  });

  it.each([
    ['nothing', {}],
    ['refused signatures, which have an alarm of their own', { wrong: 500, unsigned: 500, refused: 1_000 }],
    ['ten wrong paths', { refused: 10 }],
  ])('stays silent for %s', (_, terms) => {
    expect(valueOf(alarm, terms)).toBe(alarm.above);
  });
});
