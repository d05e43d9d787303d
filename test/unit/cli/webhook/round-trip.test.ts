import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoundTrip, roundTrip } from '../../../../cli/webhook/round-trip.ts';
import { toQueuedEvent } from '../../../../lib/webhook/event.ts';
import { type ScriptedServer, startScriptedServer } from '../../../support/scripted-server.ts';
import { type StageUnderCheck, startStageUnderCheck } from '../doctor/stage-under-check.ts';

const { signal } = new AbortController();

let webhook: ScriptedServer;
let stage: StageUnderCheck | undefined;

beforeEach(async () => {
  webhook = await startScriptedServer();
});

afterEach(async () => {
  await stage?.close();
  await webhook.close();
});

interface Surroundings {
  /** How many events of others wait before the test event. */
  readonly others: number;
  readonly consumerIsFaster?: boolean;
  readonly isInLog?: boolean;
  readonly patienceMs?: number;
}

/** A round trip, and what it has deleted and given back of the events queue. */
async function tripThrough({
  others,
  consumerIsFaster = false,
  isInLog = true,
  patienceMs = 60_000,
}: Surroundings): Promise<{ trip: RoundTrip; deleted: unknown[]; givenBack: unknown[] }> {
  const waiting = Array.from({ length: others }, (_, each) => messageOf(`other-${each}`));
  const deleted: unknown[] = [];
  const givenBack: unknown[] = [];
  let isQueued = consumerIsFaster;
  stage = await startStageUnderCheck({
    outputs: { WebhookUrl: webhook.url.href },
    operations: {
      async ReceiveMessage({ MaxNumberOfMessages: most }) {
        if (!isQueued) waiting.push(messageOf(ownId()));
        isQueued = true;
        return { Messages: waiting.splice(0, Number(most)) };
      },
      async DeleteMessage({ ReceiptHandle: handle }) {
        deleted.push(handle);
        return {};
      },
      async ChangeMessageVisibilityBatch({ Entries: entries }) {
        if (Array.isArray(entries)) givenBack.push(...entries);
        return { Successful: [], Failed: [] };
      },
      FilterLogEvents: async () => ({
        events: isInLog ? [{ eventId: 'line', timestamp: Date.now(), message: ownId() }] : [],
      }),
    },
  });
  const trip = await roundTrip(stage.target, { patienceMs, signal });
  return { trip, deleted, givenBack };
}

const ownId = () => toQueuedEvent(Buffer.from(webhook.requests[0]?.body ?? ''), 0).id;

function messageOf(eventId: string) {
  return {
    MessageId: eventId,
    ReceiptHandle: eventId,
    Body: '{}',
    MD5OfBody: createHash('md5').update('{}').digest('hex'),
    Attributes: { ApproximateReceiveCount: '1' },
    MessageAttributes: { eventId: { DataType: 'String', StringValue: eventId } },
  };
}

describe('the round trip of a test event', () => {
  it.each([0, 9, 10, 25, 29])('finds it behind %i events of others, and gives those back', async (others) => {
    const { trip, deleted, givenBack } = await tripThrough({ others });

    expect(trip).toMatchObject({ foundIn: 'queue', behindOthers: false, others });
    expect(deleted).toEqual([trip.eventId]);
    expect(givenBack).toHaveLength(others);
  });

  it('gives up behind thirty events, and does not say that a consumer was faster', async () => {
    const { trip, deleted, givenBack } = await tripThrough({ others: 30 });

    expect(trip).toMatchObject({ foundIn: 'log', behindOthers: true, others: 30 });
    expect(deleted).toEqual([]);
    expect(givenBack).toHaveLength(30);
  });

  it.each([0, 12])('knows that a consumer was faster by a queue without more than %i', async (others) => {
    const { trip } = await tripThrough({ others, consumerIsFaster: true });

    expect(trip).toMatchObject({ foundIn: 'log', behindOthers: false, others });
  });

  it('does not look on when its time is over', async () => {
    const { trip } = await tripThrough({ others: 15, patienceMs: 0 });

    expect(trip).toMatchObject({ foundIn: 'log', behindOthers: true, others: 10 });
  });

  it('says that it may wait behind others where the log does not show it either', async () => {
    const { trip } = await tripThrough({ others: 30, isInLog: false, patienceMs: 0 });

    expect(trip).toMatchObject({ foundIn: undefined, behindOthers: true });
  });
});
