import { describe, expect, it } from 'vitest';
import { findPauses, pauseInWords, pauseSchema } from '../../../../cli/logs/pauses.ts';
import type { Turn } from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { pauseFields, untouchedFields } from '../../../../lib/delivery/log-lines.ts';
import type { LogFields } from '../../../../lib/log-fields.ts';
import { createLogger } from '../../../../lib/logger.ts';
import { parseFilterPattern } from '../../../../local/aws/logs/filter-pattern.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const secondMs = 1000;

/** Seconds before noon, as the log has it. */
const ago = (seconds: number) => new Date(noon - seconds * secondMs).toISOString();

interface Line {
  readonly at: number;
  readonly message: string;
}

/** A line as the functions write it, so many seconds before noon. */
function line(secondsAgo: number, event: string, fields: LogFields): Line {
  const at = noon - secondsAgo * secondMs;
  let message = '';
  const output = (text: string) => void (message += text);
  createLogger({ stage: 'dev', level: 'debug', output, now: () => at }).write('warn', event, fields);
  return { at, message };
}

interface GateFacts {
  /** Seconds before noon. */
  readonly since: number;
  readonly nextTry?: number;
  readonly cause?: string;
  readonly of?: Turn['paused'];
}

function closureOf({ since, nextTry = -20, cause = 'connectly-503' }: GateFacts) {
  return { since: noon - since * secondMs, nextTryAt: noon - nextTry * secondMs, cause };
}

function turn(gate: GateFacts, isOver: boolean): Turn {
  return { paused: gate.of ?? 'sending-paused', isOver, ...closureOf(gate) };
}

const paused = (secondsAgo: number, gate: GateFacts) =>
  line(secondsAgo, 'paused', pauseFields(turn(gate, false)));

const resumed = (secondsAgo: number, gate: GateFacts) =>
  line(secondsAgo, 'resumed', pauseFields(turn(gate, true)));

function untouched(secondsAgo: number, gate: GateFacts): Line {
  const code = gate.of ?? 'sending-paused';
  const outcome = { kind: 'not-sent', code } as const;
  const delivery = { outcome, acknowledge: false, retryInSeconds: 20 } as const;
  const closure = closureOf(gate);
  return line(secondsAgo, 'untouched', untouchedFields([{ ...delivery, untouched: { closure } }]));
}

const accepted = (secondsAgo: number) => line(secondsAgo, 'attempt', { result: 'accepted', key: 'k' });

/** What a log of these lines comes to, searched as CloudWatch searches. */
function pausesIn(lines: readonly Line[], from?: number) {
  return findPauses({
    async *read({ from: start, pattern = '' }) {
      const matches = parseFilterPattern(pattern);
      yield* lines
        .filter(({ at, message }) => at >= start && matches(message))
        .toSorted((one, other) => one.at - other.at);
    },
    now: noon,
    ...(from !== undefined && { from }),
  });
}

const codesIn = async (...lines: Line[]) => (await pausesIn(lines)).map(({ code }) => code);

describe('The pauses in a log', () => {
  it('say of what, since when, why, what that means, and when the next try is', async () => {
    const lines = [paused(90, { since: 90, nextTry: 75 }), untouched(30, { since: 90, nextTry: -40 })];

    const pauses = await pausesIn(lines);

    expect(pauses.map((each) => pauseSchema.parse(each))).toEqual([
      {
        code: 'sending-paused',
        since: ago(90),
        cause: 'connectly-503',
        meaning: expect.stringContaining('Connectly answered 503'),
        remedy: expect.any(String),
        nextTryAt: ago(-40),
        saidAt: ago(30),
      },
    ]);
  });

  it('are none where nothing pauses', async () => {
    expect(await codesIn(accepted(10))).toEqual([]);
  });

  it('are known from messages that were turned away, when they began long ago', async () => {
    const began = 3 * 3600;

    const [pause] = await pausesIn([paused(began, { since: began }), untouched(20, { since: began })]);

    expect(pause).toMatchObject({ code: 'sending-paused', since: ago(began) });
  });

  it('end when nothing has been said of them for ten minutes', async () => {
    expect(await codesIn(untouched(601, { since: 700 }))).toEqual([]);
    expect(await codesIn(untouched(599, { since: 700 }))).toEqual(['sending-paused']);
  });

  it('end with their own end, whatever a batch says later of what came before', async () => {
    const gate = { since: 90 };

    expect(await codesIn(paused(90, gate), resumed(30, gate), untouched(20, gate))).toEqual([]);
  });

  it('begin again after an end', async () => {
    const codes = await codesIn(
      paused(90, { since: 90 }),
      resumed(60, { since: 90 }),
      paused(20, { since: 20 }),
    );

    expect(codes).toEqual(['sending-paused']);
  });

  it.each([
    ['a message was accepted later', accepted(10)],
    ['another environment went on later', resumed(10, { since: 95 })],
  ])('of all have ended when %s', async (_, later) => {
    expect(await codesIn(paused(90, { since: 90 }), later)).toEqual([]);
  });

  it.each([
    ['a message was accepted before', accepted(50)],
    ['another environment went on before', resumed(50, { since: 95 })],
    ['nothing but a refusal came later', line(10, 'attempt', { result: 'refused', code: 'expired' })],
    ['a business goes on', resumed(10, { since: 95, of: 'business-paused' })],
  ])('of all last when %s', async (_, other) => {
    expect(await codesIn(untouched(40, { since: 90 }), other)).toEqual(['sending-paused']);
  });

  it.each([
    ['a message was accepted', accepted(10)],
    ['another business goes on', resumed(10, { since: 95, of: 'business-paused' })],
    ['sending for all goes on', resumed(10, { since: 90 })],
  ])('of a business last when %s', async (_, later) => {
    const gate = { since: 90, of: 'business-paused', cause: 'connectly-401' } as const;

    expect(await codesIn(paused(90, gate), later)).toEqual(['business-paused']);
  });

  it('of all come before those of businesses', async () => {
    const codes = await codesIn(paused(20, { since: 20 }), paused(10, { since: 10, of: 'business-paused' }));

    expect(codes).toEqual(['sending-paused', 'business-paused']);
  });

  it('of several environments are one: since the first, until the first that tries, with the newest cause', async () => {
    const pauses = await pausesIn([
      untouched(30, { since: 90, nextTry: -60, cause: 'no-answer' }),
      untouched(20, { since: 80, nextTry: -40, cause: 'connectly-503' }),
      untouched(25, { since: 70, nextTry: 5, cause: 'no-answer' }),
    ]);

    expect(pauses).toEqual([
      expect.objectContaining({ since: ago(90), nextTryAt: ago(-40), cause: 'connectly-503' }),
    ]);
  });

  it('have the later of two tries, when a batch tells late of the earlier one', async () => {
    const [pause] = await pausesIn([
      paused(30, { since: 90, nextTry: -40, cause: 'connectly-401' }),
      untouched(20, { since: 90, nextTry: 25, cause: 'no-answer' }),
    ]);

    expect(pause).toMatchObject({ nextTryAt: ago(-40), cause: 'connectly-401', saidAt: ago(20) });
  });

  it('count only from a time on, where one is given', async () => {
    const lines = [untouched(30, { since: 90 })];

    expect(await pausesIn(lines, noon - 29 * secondMs)).toEqual([]);
    expect(await pausesIn(lines, noon - 30 * secondMs)).toHaveLength(1);
  });

  it('have no meaning where nobody knows their cause', async () => {
    const [pause] = await pausesIn([paused(10, { since: 10, cause: 'from-the-future' })]);

    expect(pause).toMatchObject({ cause: 'from-the-future' });
    expect(pause).not.toHaveProperty('meaning');
  });
});

describe('A pause in words', () => {
  const pause = {
    code: 'sending-paused',
    since: ago(125),
    cause: 'connectly-503',
    nextTryAt: ago(-41),
    saidAt: ago(10),
  } as const;

  it('has since when, why, and how long it is to the next try', () => {
    expect(pauseInWords(pause, noon)).toBe(
      'Sending pauses for all, since 2026-01-01T11:57:55.000Z (2 min 5 s ago), because of connectly-503. The next try is in 41 s.',
    );
  });

  it('does not promise a time that is over', () => {
    expect(pauseInWords({ ...pause, nextTryAt: ago(1) }, noon)).toContain(
      'The next try is with the next message that is due.',
    );
  });

  it('does not say that one business is all', () => {
    expect(pauseInWords({ ...pause, code: 'business-paused' }, noon)).toContain(
      'Sending pauses for one business or more, since',
    );
  });
});
