import { describe, expect, it } from 'vitest';
import type { SendingPause } from '../../../../cli/logs/pauses.ts';
import { type Followed, follow } from '../../../../cli/send/follow.ts';
import { endingOf } from '../../../../cli/send/follow-message.ts';
import type { Goal, Step } from '../../../../cli/send/steps.ts';

const sqsMessageId = 'a1b2';
const vendorId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const at = '2026-11-22T10:00:00.000Z';

const attempt = (result: string, more: object = {}) =>
  JSON.stringify({ timestamp: at, event: 'attempt', sqsMessageId, result, ...more });
const status = (deliveryStatus: string, of = vendorId) =>
  JSON.stringify({
    timestamp: at,
    event: 'webhook',
    result: 'queued',
    eventId: `${of}:${deliveryStatus}`,
    deliveryStatus,
  });

interface Logs {
  readonly 'send-message': readonly string[];
  readonly 'receive-webhook'?: readonly string[];
  /** What is found of pauses, at each look at them. */
  readonly pauses?: readonly (readonly SendingPause[])[];
}

/** Follows through logs that show one line more at each look. */
async function followed(
  lines: Logs,
  until: Goal = 'read',
): Promise<{ end: Followed; steps: Step['step'][]; asked: string[] }> {
  const looks = { 'send-message': 0, 'receive-webhook': 0 };
  const steps: Step['step'][] = [];
  const asked: string[] = [];
  let now = 0;
  let pauseLooks = 0;
  const end = await follow(
    { sqsMessageId, until, limitMs: 20, pauseMs: 1 },
    {
      async *readLog(of, text) {
        asked.push(text);
        looks[of] += 1;
        const shown = (lines[of] ?? []).slice(0, looks[of]);
        yield* shown.map((message, index) => ({ id: `${of}${index}`, message }));
      },
      readPauses: async () => lines.pauses?.[pauseLooks++] ?? [],
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      onStep: ({ step }) => steps.push(step),
    },
  );
  return { end, steps, asked };
}

const paused: SendingPause = {
  code: 'sending-paused',
  since: at,
  cause: 'connectly-503',
  nextTryAt: '2026-11-22T10:00:15.000Z',
  saidAt: at,
};

const endOf = (end: Followed) => endingOf(end, 60_000, '--stage dev');
const exitOf = (end: Followed) => endOf(end)?.exitCode ?? 0;

describe('Following a message', () => {
  it('tells each step once, from the attempts to the delivery statuses, and ends when it is read', async () => {
    const { end, steps, asked } = await followed({
      'send-message': [
        attempt('not-sent', { code: 'connectly-429', retryInSeconds: 2 }),
        attempt('accepted', { vendorId }),
      ],
      'receive-webhook': [status('sent'), status('delivered'), status('read')],
    });

    expect(steps).toEqual(['not-sent', 'accepted', 'sent', 'delivered', 'read']);
    expect(end).toMatchObject({ ended: 'reached', furthest: 'read' });
    expect(new Set(asked)).toEqual(new Set([sqsMessageId, vendorId]));
    expect(exitOf(end)).toBe(0);
  });

  it('ends where it is told to', async () => {
    const { end, steps } = await followed(
      { 'send-message': [attempt('accepted', { vendorId })] },
      'accepted',
    );

    expect(steps).toEqual(['accepted']);
    expect(exitOf(end)).toBe(0);
  });

  it.each([
    ['waits a moment for a sent that is logged after the read', [status('sent')], ['sent']],
    ['does not wait for long for a sent that never comes', [], []],
  ])('%s', async (_, late, told) => {
    const { end, steps } = await followed({
      'send-message': [attempt('accepted', { vendorId })],
      'receive-webhook': [status('delivered'), status('read'), ...late],
    });

    expect(steps).toEqual(['accepted', 'delivered', 'read', ...told]);
    expect(end).toMatchObject({ ended: 'reached', furthest: 'read' });
  });

  it('does not take a delivered that comes after a read for a step back', async () => {
    const { end } = await followed(
      {
        'send-message': [attempt('accepted', { vendorId })],
        'receive-webhook': [status('delivered'), status('sent')],
      },
      'read',
    );

    expect(end).toMatchObject({ ended: 'time-limit', furthest: 'delivered' });
  });

  it.each<[string, string, object, Followed['ended'], number]>([
    ['a refusal of Connectly', 'refused', { code: 'ERROR_CODE_MESSAGE_TEXT_EMPTY' }, 'refused', 5],
    ['a refusal of ours', 'refused', { code: 'recipient-not-allowed' }, 'refused', 3],
    ['an attempt that nobody can judge', 'unclear', { code: 'no-answer' }, 'unclear', 6],
    ['a message that has been sent before', 'duplicate', {}, 'duplicate', 0],
  ])('ends at %s', async (_, result, more, ended, exitCode) => {
    const { end } = await followed({ 'send-message': [attempt(result, more)] });

    expect(end.ended).toBe(ended);
    expect(exitOf(end)).toBe(exitCode);
  });

  it('says once that sending pauses, and goes on waiting', async () => {
    const { end, steps } = await followed(
      {
        'send-message': ['', '', '', attempt('accepted', { vendorId })],
        pauses: [[], [paused], [{ ...paused, cause: 'no-answer' }]],
      },
      'accepted',
    );

    expect(steps).toEqual(['paused', 'accepted']);
    expect(end.ended).toBe('reached');
  });

  it('says that sending pauses after an attempt that was not sent, too', async () => {
    const { steps } = await followed({
      'send-message': [attempt('not-sent', { code: 'connectly-401' })],
      pauses: [[paused]],
    });

    expect(steps).toEqual(['not-sent', 'paused']);
  });

  it('ends with the cause when sending pauses for longer than it may last', async () => {
    const { end } = await followed({ 'send-message': [], pauses: [[paused]] });

    expect(exitOf(end)).toBe(6);
    expect(endOf(end)?.message).toMatch(/not been sent yet \(sending-paused\).*explain connectly-503$/);
  });

  it('goes on after an unclear attempt that is tried again', async () => {
    const { end, steps } = await followed(
      {
        'send-message': [
          attempt('unclear', { code: 'connectly-500', retryInSeconds: 2 }),
          attempt('accepted', { vendorId }),
        ],
      },
      'accepted',
    );

    expect(steps).toEqual(['unclear', 'accepted']);
    expect(end.ended).toBe('reached');
  });

  it.each([
    ['unclear', 'unclear', /^Nobody can know whether Connectly accepted the message \(connectly-500\)/],
    ['refused', 'not-sent', /^The message has not been sent yet \(connectly-500\)/],
    [undefined, 'not-sent', /^The message has not been sent yet/],
  ])(
    'goes on when what follows an attempt fails, and calls it what it was: %s',
    async (result, step, told) => {
      const line = { timestamp: at, event: 'attempt-failed', sqsMessageId, result, code: 'connectly-500' };

      const { end, steps } = await followed({ 'send-message': [JSON.stringify(line)] });

      expect(steps).toEqual([step]);
      expect(end).toMatchObject({ ended: 'time-limit', last: { comesBack: true } });
      expect(endOf(end)?.message).toMatch(told);
    },
  );

  it('says where to register when statuses stay away', async () => {
    const { end } = await followed({ 'send-message': [attempt('accepted', { vendorId })] });

    expect(endOf(end)?.message).toContain('npx relay webhook register --topic delivery_status --stage dev');
  });

  it('explains a code of Connectly that is newer than this version', async () => {
    const { end } = await followed({
      'send-message': [attempt('refused', { code: 'ERROR_CODE_BRAND_NEW' })],
    });

    expect(endOf(end)?.message).toMatch(
      /^The message was refused: A code of Connectly that .*\. More: npx relay explain ERROR_CODE_BRAND_NEW$/,
    );
  });

  it('ends with 5 when Connectly could not deliver it', async () => {
    const { end } = await followed({
      'send-message': [attempt('accepted', { vendorId })],
      'receive-webhook': [status('failed')],
    });

    expect(end.ended).toBe('failed');
    expect(exitOf(end)).toBe(5);
  });

  it.each<[string, Logs, number]>([
    ['no attempt', { 'send-message': [] }, 6],
    [
      'an attempt that is tried again',
      { 'send-message': [attempt('not-sent', { code: 'connectly-429' })] },
      6,
    ],
    ['an acceptance', { 'send-message': [attempt('accepted', { vendorId })] }, 6],
    [
      'a delivery',
      { 'send-message': [attempt('accepted', { vendorId })], 'receive-webhook': [status('delivered')] },
      0,
    ],
  ])('ends at its limit when %s is all that is known', async (_, logs, exitCode) => {
    const { end } = await followed(logs);

    expect(end.ended).toBe('time-limit');
    expect(exitOf(end)).toBe(exitCode);
  });

  it('takes no line for its own that only quotes the id, and none that is no JSON', async () => {
    const { steps } = await followed({
      'send-message': [
        `REPORT ${sqsMessageId}`,
        JSON.stringify({
          timestamp: at,
          event: 'attempt',
          sqsMessageId: 'other',
          key: sqsMessageId,
          result: 'refused',
        }),
        attempt('accepted', { vendorId }),
      ],
      'receive-webhook': [status('read', `${vendorId}X`)],
    });

    expect(steps).toEqual(['accepted']);
  });
});
