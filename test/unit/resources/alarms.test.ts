import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';
import { connectlySender } from '../../../lib/connectly/sender.ts';
import { vendorErrors } from '../../../lib/connectly/vendor-errors.ts';
import { untouchedFields } from '../../../lib/delivery/log-lines.ts';
import { everydayRefusals } from '../../../lib/delivery/troubles.ts';
import { createSecretCache } from '../../../lib/secrets/cache.ts';
import { maximumInFlight } from '../../../local/aws/sqs/queue.ts';
import { alarmsOf } from '../../../resources/alarms.ts';
import { scene } from '../delivery/dispatch/dispatcher-scene.ts';
import {
  alarmNamed,
  isCountedBy,
  type Reading,
  ringing,
  type Sample,
  valueOf,
  watchedProd,
} from './alarm-scene.ts';

const minutesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const dueFrom = (first: number, last: number): Sample[] =>
  minutesFrom(first, last).map((minute) => ({ term: 'due', atSeconds: minute * 60, value: 5 }));

interface Series {
  readonly every: number;
  readonly value?: number;
  readonly offset?: number;
}

/** Values of one term, every so many seconds, from the end of the first hour for so many minutes. */
const during = (minutes: number, term: string, { every, value = 1, offset = 0 }: Series): Sample[] =>
  Array.from({ length: Math.floor((minutes * 60) / every) + 1 }, (_, index) => ({
    term,
    atSeconds: 3_600 + offset + index * every,
    value,
  }));

describe.each(['sliding', 'aligned'] as const)('With periods that are %s,', (periods) => {
  describe('the alarm for signatures', () => {
    const alarm = alarmNamed('signatures');
    const ringingFor = (samples: readonly Sample[]) => ringing(alarm, samples, { untilMinute: 300, periods });

    it.each([
      ['one forged request', during(0, 'wrong', { every: 60 })],
      ['a thousand forged requests at once', during(0, 'wrong', { every: 60, value: 1_000 })],
      ['somebody who tries for 5 minutes', during(5, 'wrong', { every: 10 })],
      ['somebody who tries every half hour', during(180, 'wrong', { every: 1_800 })],
      ['ten unsigned requests every 5 minutes', during(180, 'unsigned', { every: 300, value: 10 })],
      [
        'one wrong signature a minute among a hundred events',
        [...during(180, 'wrong', { every: 60 }), ...during(180, 'queued', { every: 60, value: 100 })],
      ],
    ])('stays silent for %s', (_, samples) => {
      const minutes = ringingFor(samples);

      expect(minutes).toEqual([]);
    });

    it.each([
      ['ten events a second', 1, 10],
      ['one every minute', 60, 1],
      ['one every 5 minutes', 300, 1],
    ])(
      'rings within 15 minutes where the secret is wrong and every event is refused: %s',
      (_, every, value) => {
        for (let offset = 0; offset < 300; offset += 37) {
          const samples = during(15, 'wrong', { every, value, offset });

          const [first = Infinity] = ringingFor(samples);

          expect(first).toBeGreaterThan(60 + 10 - 1);
          expect(first).toBeLessThanOrEqual(60 + 15 + 1 + Math.ceil(offset / 60));
        }
      },
    );

    it('rings within the hour where all three events of it were refused', () => {
      const minutes = ringingFor(during(40, 'wrong', { every: 1_200 }));

      expect(minutes.at(0)).toBeLessThanOrEqual(60 + 45);
    });

    it('rings once, and goes on, for as long as somebody tries every quarter of an hour', () => {
      const minutes = ringingFor(during(180, 'wrong', { every: 900 }));

      const [first = 0] = minutes;
      expect(minutes).toEqual(minutesFrom(first, minutes.at(-1) ?? 0));
      expect(minutes.length).toBeGreaterThan(120);
    });
  });

  describe('the alarm for failed effects', () => {
    const alarm = alarmNamed('failed-effects');

    it('stays silent after one hiccup, however many messages met it', () => {
      const samples = Array.from({ length: 100 }, () => ({ term: 'value', atSeconds: 1_000, value: 1 }));

      const minutes = ringing(alarm, samples, { untilMinute: 60, periods });

      expect(minutes).toEqual([]);
    });

    it.each([
      // The visibility timeouts of the queues, and the window of settle-send: so long it takes until a message is there again.
      ['sending', 361],
      ['settling', 240],
      ['settling, at the end of its window,', 300],
    ])(
      'rings when one message fails at %s twice, and for as long as it goes on failing',
      (_what, everySeconds) => {
        for (let offset = 0; offset < 300; offset += 29) {
          const times = Array.from({ length: 8 }, (_, index) => 600 + offset + index * everySeconds);
          const samples: Sample[] = times.map((atSeconds) => ({ term: 'value', atSeconds, value: 1 }));
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
      http: { request: () => Promise.reject(new Error('not asked')) },
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
      ['function-errors', { sendDropped: 1 }],
      ['sends-dlq', { unusual: 1 }],
      ['sends-dlq', { refused: 11 }],
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

describe('The alarm for sends that are given up', () => {
  const alarm = alarmNamed('sends-dlq');
  const everyday = Object.entries(vendorErrors)
    .filter(([code]) => everydayRefusals.includes(code))
    .map(([code, { disposition }]) => [code, disposition]);

  it('knows four everyday refusals, and Connectly has documented each of them as one', () => {
    expect(everyday.map(([, disposition]) => disposition)).toEqual(
      Array(everydayRefusals.length).fill('refused'),
    );
    expect(everyday).toHaveLength(4);
  });

  it.each([
    ['attempt', { result: 'refused', code: 'expired' }],
    ['attempt', { result: 'refused', code: 'id-reused' }],
    ['attempt', { result: 'refused', code: 'message-invalid' }],
    ['attempt', { result: 'refused', code: 'connectly-400' }],
    ['attempt', { result: 'refused', code: 'ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND' }],
    ['attempt', { result: 'refused', code: 'ERROR_CODE_THAT_CONNECTLY_WILL_INVENT' }],
    ['attempt', { result: 'refused', code: 'outcome-unknown' }],
    ['settle', { type: 'parked', result: 'outcome-unknown' }],
  ])('rings for one %s that is %j', (event, fields) => {
    const isUnusual = isCountedBy(alarm, event, fields, 'unusual');

    expect(isUnusual).toBe(true);
    expect(valueOf(alarm, { unusual: 1, refused: 1, accepted: 1_000 })).toBeGreaterThan(alarm.above);
  });

  it.each([
    ...everydayRefusals.map((code) => ['attempt', { result: 'refused', code }] as const),
    ['attempt', { result: 'accepted' }],
    ['attempt', { result: 'duplicate' }],
    ['attempt', { result: 'not-sent', code: 'connectly-429' }],
    ['attempt', { result: 'unclear', code: 'no-answer' }],
    ['settle', { type: 'parked', result: 'settled' }],
    ['webhook', { result: 'too-large' }],
  ] as const)('takes one %s that is %j for nothing unusual', (event, fields) => {
    const isUnusual = isCountedBy(alarm, event, fields, 'unusual');

    expect(isUnusual).toBe(false);
  });

  it.each([
    ['ten customers who opted out, and nobody else', { refused: 10 }, false],
    ['eleven, and nobody else', { refused: 11 }, true],
    ['a tenth of a campaign', { refused: 1_000, accepted: 9_000 }, false],
    ['more than a tenth of it', { refused: 1_001, accepted: 8_999 }, true],
  ])('when refused are %s: %j', (_, terms, rings) => {
    const value = valueOf(alarm, terms);

    expect(Number(value) > alarm.above).toBe(rings);
  });

  it('is quiet again, although the dead letter still lies there, and rings for the next', () => {
    const samples = [600, 6_000].map((atSeconds) => ({ term: 'unusual', atSeconds, value: 1 }));

    const minutes = ringing(alarm, samples, { untilMinute: 180, periods: 'aligned' });

    expect(minutes).toContain(11);
    expect(minutes).not.toContain(26);
    expect(minutes).toContain(101);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(115);
  });
});

describe.each([
  ['many-webhooks', 50_000],
  ['many-sends', 5_000],
])('The alarm for %s', (name, most) => {
  it.each([
    ['rings for one more within an hour than the setting says', most + 1, true],
    ['stays silent for as many as it says', most, false],
  ])('%s', (_, count, rings) => {
    const samples = minutesFrom(60, 119).map((minute) => ({
      term: 'value',
      atSeconds: minute * 60,
      value: minute === 60 ? count - 59 : 1,
    }));

    const minutes = ringing(alarmNamed(name), samples, { untilMinute: 300, periods: 'aligned' });

    expect(minutes.length > 0).toBe(rings);
  });

  it('is there only where its setting is', () => {
    const without = { ...watchedProd, webhooksPerHour: undefined, sendsPerHour: undefined };

    const names = alarmsOf(without).map((alarm) => alarm.name);

    expect(names).not.toContain(name);
  });
});

describe('The alarm for sends in flight', () => {
  it('rings before SQS hands out no more, with a sixth of the room left', () => {
    const { above } = alarmNamed('sends-in-flight');

    expect(above).toBeLessThanOrEqual((maximumInFlight * 5) / 6);
  });
});

describe('The alarm for unknown outcomes', () => {
  it.each([
    ['a parked send', 'settle', { type: 'parked', result: 'outcome-unknown' }],
    [
      'a send that was released, or repeated, and has expired',
      'attempt',
      { result: 'refused', code: 'outcome-unknown' },
    ],
  ])('hears of %s', (_, event, fields) => {
    expect(isCountedBy(alarmNamed('outcome-unknown'), event, fields)).toBe(true);
    expect(
      isCountedBy(alarmNamed('outcome-unknown'), event, { ...fields, result: 'settled', code: 'expired' }),
    ).toBe(false);
  });
});

describe('The alarm for failed effects', () => {
  it.each(['attempt-failed', 'attempt-unrecorded', 'settle-failed'])('hears of %s', (event) => {
    expect(isCountedBy(alarmNamed('failed-effects'), event, { code: 'ledger-unavailable' })).toBe(true);
  });
});

const minutesInWords = { 'an hour': 60, 'a quarter of an hour': 15, '10 minutes': 10, '20 minutes': 20 };
const endsAfter = alarmsOf(watchedProd).flatMap((alarm) => {
  const [, words = ''] = /^Ends by itself (.*) after the last/.exec(alarm.ends) ?? [];
  const minutes = Object.entries(minutesInWords).find(([each]) => each === words)?.[1];
  return minutes === undefined ? [] : [{ name: alarm.name, alarm, minutes }];
});

describe.each(endsAfter)('The alarm $name', ({ alarm, minutes }) => {
  it.each(['sliding', 'aligned'] as const)(
    `is quiet ${String(minutes)} minutes after the last one, as its description says, with periods that are %s`,
    (periods) => {
      const terms = 'terms' in alarm.watches ? Object.keys(alarm.watches.terms) : ['value'];
      const lastMinutes = [600, 613, 640, 719, 899].flatMap((offset) => {
        const samples = terms.flatMap((term) =>
          [0, 300, 600].map((before) => ({ term, atSeconds: 3_600 + offset - before, value: 1_000 })),
        );
        const ringingMinutes = ringing(alarm, samples, { untilMinute: 180, periods });
        return Math.max(...ringingMinutes) - (3_600 + offset) / 60;
      });

      expect(endsAfter.length).toBeGreaterThan(6);
      // A minute for the rounding of both ends, and one that CloudWatch takes.
      expect(Math.max(...lastMinutes)).toBeLessThanOrEqual(minutes + 2);
      expect(Math.min(...lastMinutes)).toBeGreaterThan(0);
    },
  );
});
