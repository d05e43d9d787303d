import { describe, expect, it } from 'vitest';
import { type Overview, overviewSchema, queueNames } from '../../../../cli/status/overview.ts';
import { nextCommands, overviewText } from '../../../../cli/status/overview-text.ts';

const plain = { style: (_: string, text: string) => text };

function anOverview(changes: Partial<Overview> = {}): Overview {
  return overviewSchema.parse({
    at: '2026-01-01T12:00:00.000Z',
    target: 'stage dev in eu-west-1',
    queues: queueNames.map((name) => ({ name, waiting: 0, outOfSight: 0, delayed: 0 })),
    ages: {},
    sending: 'Enabled',
    settling: 'Enabled',
    webhooks: [{ topic: 'messages', points: 'here', address: 'https://x.example' }],
    failures: [],
    deadLetters: [],
    missing: [],
    ...changes,
  });
}

const failure = {
  at: '2026-01-01T11:59:00.000Z',
  function: 'send-message',
  level: 'warn',
  event: 'attempt',
  result: 'refused',
  code: 'expired',
} as const;

describe('an overview', () => {
  it('is one screen', () => {
    const waiting = { name: 'sends', waiting: 50, outOfSight: 2, delayed: 0 } as const;
    const overview = anOverview({
      queues: [waiting, { name: 'events', waiting: 0, outOfSight: 0, delayed: 0 }],
      ages: { sends: 130, events: 60 },
      sending: 'Disabled',
      webhooks: [{ topic: 'messages', points: 'elsewhere', address: 'https://other.example' }],
      failures: [failure],
      deadLetters: [{ code: 'expired', count: 412 }],
      missing: [{ part: 'settling', code: 'access-denied', reason: 'AWS refuses this.' }],
    });

    const text = overviewText(overview, plain);

    expect(text).toEqual([
      'Stage dev in eu-west-1, 2026-01-01T12:00:00.000Z',
      '',
      'Sending   paused',
      'Settling  on',
      '',
      'queue   waiting  out of sight  delayed  oldest',
      'sends        50             2        0  2 min 10 s',
      'events        0             0        0',
      '',
      'Dead letters',
      '     412  expired',
      '',
      'Webhooks',
      '  messages         elsewhere: https://other.example',
      '',
      'Last failures',
      '  2026-01-01T11:59:00.000Z  send-message     refused       expired',
      '',
      'Not known',
      '  settling  AWS refuses this.',
    ]);
  });

  it('leaves out what could not be read', () => {
    const { at, target } = anOverview();

    const text = overviewText({ at, target, missing: [] }, plain);

    expect(text).toEqual(['Stage dev in eu-west-1, 2026-01-01T12:00:00.000Z']);
  });
});

describe('an overview while sending pauses', () => {
  const pause = {
    code: 'sending-paused',
    since: '2026-01-01T11:58:00.000Z',
    cause: 'connectly-503',
    meaning: 'Connectly has more to do than it can.',
    nextTryAt: '2026-01-01T12:00:41.000Z',
    saidAt: '2026-01-01T11:59:30.000Z',
  } as const;
  const sends = { name: 'sends', waiting: 2, outOfSight: 30, delayed: 8 } as const;

  it('begins with that: since when, why, when the next try is, and how many wait', () => {
    const text = overviewText(anOverview({ pauses: [pause], queues: [sends] }), plain);

    expect(text.slice(0, 4)).toEqual([
      'Sending pauses for all, since 2026-01-01T11:58:00.000Z (2 min ago), because of connectly-503. The next try is in 41 s. Waiting: 40.',
      '  Connectly has more to do than it can.',
      '',
      'Stage dev in eu-west-1, 2026-01-01T12:00:00.000Z',
    ]);
  });

  it('does not say how many of those that wait are of a business that pauses', () => {
    const overview = anOverview({ pauses: [{ ...pause, code: 'business-paused' }], queues: [sends] });

    const text = overviewText(overview, plain);

    expect(text).not.toContain('Waiting:');
  });

  it('leads to the cause, and to no line that says the same again', () => {
    const turnedAway = { ...failure, event: 'untouched', code: 'sending-paused' };
    const overview = anOverview({ pauses: [pause], failures: [failure, turnedAway] });

    const commands = nextCommands(overview, '--stage dev');

    expect(commands).toEqual([
      'Why sending pauses, and what to do: npx relay explain connectly-503',
      'What the last failure means: npx relay explain expired',
    ]);
  });
});

describe('the next commands', () => {
  it('are none when everything is well', () => {
    expect(nextCommands(anOverview(), '--stage dev')).toEqual([]);
  });

  it.each([
    ['a pause', { sending: 'Disabled' }, 'npx relay resume --stage dev'],
    [
      'a webhook that is missing',
      { webhooks: [{ topic: 'messages', points: 'nowhere' }] },
      'npx relay webhook status --stage dev',
    ],
    ['a failure', { failures: [failure] }, 'npx relay explain expired'],
    [
      'dead letters',
      { queues: [{ name: 'sends-dlq', waiting: 1, outOfSight: 0, delayed: 0 }] },
      'npx relay dlq explain --stage dev',
    ],
  ] satisfies [string, Partial<Overview>, string][])(
    'name what mends or explains %s',
    (_, changes, command) => {
      const commands = nextCommands(anOverview(changes), '--stage dev');

      expect(commands).toEqual([expect.stringContaining(command)]);
    },
  );
});
