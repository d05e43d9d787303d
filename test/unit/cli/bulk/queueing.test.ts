import { describe, expect, it } from 'vitest';
import type { QueuedRow } from '../../../../cli/bulk/ledger-format.ts';
import type { ReadyRow } from '../../../../cli/bulk/preflight.ts';
import { type BatchAnswer, type QueuePorts, queueRows, sendBatch } from '../../../../cli/bulk/queue-rows.ts';
import { scripted } from '../../../support/scripted-clients.ts';

const rowsOf = (count: number, body = 'x'): ReadyRow[] =>
  Array.from({ length: count }, (_, index) => ({
    row: { number: index + 1, line: index + 2, raw: '' },
    id: `${index}`,
    body: `${body}${index + 1}`,
  }));

const taken: BatchAnswer = { ok: true, sqsMessageId: 'm' };

function stand(
  send: (bodies: readonly string[]) => readonly BatchAnswer[] = (bodies) => bodies.map(() => taken),
) {
  const sent: (readonly string[])[] = [];
  const recorded: number[] = [];
  const sleeps: number[] = [];
  let now = 0;
  let interrupted = false;
  const ports: QueuePorts = {
    send: async (bodies) => {
      sent.push(bodies);
      return send(bodies);
    },
    record: async (rows: readonly QueuedRow[]) => void recorded.push(...rows.map(([row]) => row)),
    onQueued: () => {},
    now: () => now,
    sleep: async (ms) => {
      sleeps.push(ms);
      now += ms;
    },
    isInterrupted: () => interrupted,
  };
  return { ports, sent, recorded, sleeps, interrupt: () => (interrupted = true) };
}

describe('Queueing rows', () => {
  it('goes in batches of ten, and records every row', async () => {
    const { ports, sent, recorded } = stand();

    const result = await queueRows(rowsOf(25), undefined, ports);

    expect(sent.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(recorded.toSorted((one, other) => one - other)).toEqual(rowsOf(25).map(({ row }) => row.number));
    expect(result).toMatchObject({ queued: 25, failed: [], error: undefined });
  });

  it('keeps a batch below what SQS takes in one call', async () => {
    const { ports, sent } = stand();

    await queueRows(rowsOf(4, 'x'.repeat(100 * 1024)), undefined, ports);

    expect(sent.map(({ length }) => length)).toEqual([2, 2]);
  });

  it('keeps to a rate', async () => {
    const { ports, sleeps } = stand();

    await queueRows(rowsOf(40), 20, ports);

    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(1500);
  });

  it('tries again what SQS could not take, and only that', async () => {
    let calls = 0;
    const { ports, sent, recorded } = stand((bodies) => {
      calls += 1;
      return bodies.map((_, index) =>
        calls === 1 && index === 1 ? { ok: false, code: 'InternalError', again: true } : taken,
      );
    });

    const result = await queueRows(rowsOf(3), undefined, ports);

    expect(sent).toEqual([['x1', 'x2', 'x3'], ['x2']]);
    expect(recorded).toEqual([1, 3, 2]);
    expect(result.failed).toEqual([]);
  });

  it('collects what SQS refuses, and what it never takes', async () => {
    const { ports, sent } = stand((bodies) =>
      bodies.map((body) => ({ ok: false, code: body, again: body === 'x2' })),
    );

    const { failed, queued } = await queueRows(rowsOf(2), undefined, ports);

    expect(queued).toBe(0);
    expect(failed.map(({ code }) => code)).toEqual(['x1', 'x2']);
    expect(sent).toHaveLength(5);
  });

  it('takes no further batch after an interruption, and records those under way', async () => {
    const { ports, sent, recorded, interrupt } = stand((bodies) => {
      interrupt();
      return bodies.map(() => taken);
    });

    const result = await queueRows(rowsOf(1000), undefined, ports);

    expect(recorded).toHaveLength(sent.flat().length);
    expect(result.queued).toBeLessThanOrEqual(80);
    expect(result.failed).toEqual([]);
  });

  it('stops at an error, and keeps what has been queued', async () => {
    let calls = 0;
    const { ports, recorded } = stand((bodies) => {
      calls += 1;
      if (calls > 1) throw new Error('away');
      return bodies.map(() => taken);
    });

    const result = await queueRows(rowsOf(100), undefined, ports);

    expect(result).toMatchObject({ queued: 10, error: new Error('away') });
    expect(recorded).toHaveLength(10);
  });

  it('counts what SQS has taken, also where that cannot be recorded', async () => {
    const { ports } = stand();
    const full: QueuePorts = { ...ports, record: () => Promise.reject(new Error('disk full')) };

    const result = await queueRows(rowsOf(10), undefined, full);

    expect(result).toMatchObject({ queued: 10, error: new Error('disk full') });
  });
});

it('A batch goes for one tenant: SQS then lets others past it', async () => {
  const inputs: object[] = [];
  const sqs = scripted.sqs(async (command) => {
    if ('input' in command) inputs.push(Object(command.input));
    return { Successful: [{ Id: '0', MessageId: 'm-1' }] };
  });

  const answers = await sendBatch(sqs, { queueUrl: 'http://q/sends', group: 'bulk-1' }, ['{}']);

  expect(answers).toEqual([{ ok: true, sqsMessageId: 'm-1' }]);
  expect(inputs).toEqual([
    { QueueUrl: 'http://q/sends', Entries: [{ Id: '0', MessageBody: '{}', MessageGroupId: 'bulk-1' }] },
  ]);
});
