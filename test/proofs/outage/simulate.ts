import { toItem } from '../../../lib/aws/ledger-table.ts';
import { decode } from '../../../lib/delivery/decode.ts';
import { leaseMs } from '../../../lib/delivery/time.ts';
import { errorAttributes, outcomeAttributes, relayAttributes } from '../../../lib/message/attributes.ts';
import { scripted } from '../../support/scripted-clients.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import type { Shipped } from '../harness/shipped.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { type VirtualDeadlines, withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { startMapping } from '../rate/mapping.ts';
import { markOf } from '../rate/marked-messages.ts';
import { createScriptedVendor } from '../rate/scripted-vendor.ts';
import { createSendsQueue } from '../rate/sends-queue.ts';
import { createOutcomesQueue, type Outcome } from './outcomes-queue.ts';

export const policies = ['hold', 'settle'] as const;

export interface Simulation {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly policy: (typeof policies)[number];
  /** How many sends were left unclear right before the outage. */
  readonly sends: number;
  /** How many delivery statuses of others lie on the queue besides. */
  readonly statuses: number;
  readonly seed: number;
}

export interface Report {
  /** Unclear sends that Connectly accepted and told of while nobody listened. */
  readonly reported: number;
  /** Of these, those that Connectly was asked again to send, and those that people were given as unknown. */
  readonly sentAgain: number;
  readonly givenUp: number;
  /** Unclear sends that Connectly never had, and those of them that the policy has brought to their end. */
  readonly unreported: number;
  readonly ended: number;
  /** What is on the two queues at the end. */
  readonly left: number;
  /** From the end of the outage to the end of the last send, or to the end of the run. */
  readonly minutes: number;
}

const minuteMs = 60_000;
const outageMs = 40 * minuteMs;
/** An environment at 0.29 vCPU settles a batch of 100 reports so fast: 680 a second have been measured. */
const ledgerLatencyMs = 147;
/** Of the unclear sends: Connectly has them, and has told of them. */
const reportedShare = 0.9;
const longestMs = 3 * 60 * minuteMs;
const businessId = 'sim-business';

/** Lets settle-send come back after an outage, to a queue whose messages come in any order, in virtual time. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const clock = createVirtualClock();
  return withVirtualDeadlines(clock, (deadlines) => run(simulation, clock, deadlines));
}

async function run(
  { shipped, stage, policy, sends, statuses, seed }: Simulation,
  clock: VirtualClock,
  deadlines: VirtualDeadlines,
): Promise<Report> {
  const startedAt = clock.now();
  const random = uniform(seed, 1);
  const table = new LedgerTable();
  const vendor = createScriptedVendor(
    { limitPerSecond: 1_000, medianLatencyMs: 150, troubleAt: () => undefined },
    { clock, random: uniform(seed, 2) },
  );
  const sendsQueue = createSendsQueue(stage, clock);
  const deadLetters = new Set<string>();
  let endedAt = clock.now();
  const outcomes = createOutcomesQueue({
    clock,
    visibilityMs:
      Number(
        stage.queues.find(({ name }) => name === stage.queueName('OutcomesQueue'))?.attributes[
          'VisibilityTimeout'
        ],
      ) * 1_000,
    onCopy(queue, body) {
      endedAt = clock.now();
      if (queue === 'SendsQueue') sendsQueue.add(body);
      else deadLetters.add(markOf(body));
    },
  });
  const common = (latencyMs: number) => ({
    clock,
    write: () => {},
    dynamoDb: createLedgerClient({
      table,
      life: createLife({ clock, endsHere: () => false }),
      deadlines,
      injected: new Injected(),
      random,
      faultShare: 0,
      isOut: () => false,
      latencyMs: () => latencyMs,
    }).client,
  });
  const variables = (name: 'send-message' | 'settle-send') => ({
    ...stage.variables(name, (logicalId) => logicalId),
    BUSINESS_ID: businessId,
    IF_UNCLEAR: policy,
  });
  const startSettler = () =>
    shipped.start('settle-send', {
      ...common(ledgerLatencyMs),
      variables: variables('settle-send'),
      sqs: outcomes.client,
    });

  /** Writes into the ledger that nobody knows of a send, and says what is parked. */
  function leaveUnclear(index: number): Outcome {
    const message = { type: 'text', to: '+15550000000', text: `m-${index}-`, id: idOf(index) };
    const body = JSON.stringify(message);
    const expiresAt = startedAt + 4 * 60 * minuteMs;
    const queued = { body, originalId: '', expiresAt, isCopy: false, queuedAt: startedAt, receiveCount: 1 };
    const decoded = decode(queued, { businessId, ifUnclear: policy, onlyTo: undefined });
    if (!decoded.ok) throw new Error('The message of the simulation is none.');
    const { key, content } = decoded.sendable;
    const forgetAt = startedAt + 1_000 * minuteMs;
    const leaseUntil = startedAt + leaseMs;
    const entry = { state: 'UNKNOWN', content, attemptId: `attempt-${index}`, leaseUntil, forgetAt } as const;
    table.items.set(key, toItem(key, { entry, revision: 1 }));
    const attributes = {
      [relayAttributes.id]: message.id,
      [relayAttributes.expiresAt]: new Date(expiresAt).toISOString(),
      [errorAttributes.code]: 'no-answer',
    };
    return { body, attributes, sentAt: startedAt, receiveCount: 1 };
  }

  const parked = Array.from({ length: sends }, (_, index) => leaveUnclear(index));
  const reported = Math.round(sends * reportedShare);
  const waiting: Outcome[] = [
    ...parked,
    ...Array.from({ length: reported }, (_, index) => statusOf(idOf(index), startedAt + random() * minuteMs)),
    ...Array.from({ length: statuses }, (_, index) =>
      statusOf(`other-${index}`, startedAt + random() * outageMs),
    ),
  ];
  shuffle(waiting, random);

  // One environment has worked before the outage, and is frozen; the other one is new.
  const frozen = startSettler();
  outcomes.add(statusOf('before', startedAt));
  const before = frozen({ Records: [...outcomes.receive(1)] }, { awsRequestId: 'before' });
  await clock.advance(outageMs);
  await before;

  const backAt = clock.now();
  for (const outcome of waiting) outcomes.add(outcome);
  startMapping({
    queue: outcomes,
    clock,
    settings: stage.settleSend,
    environments: [frozen, startSettler()],
  });
  let attempts = 0;
  startMapping({
    queue: sendsQueue,
    clock,
    settings: stage.sendMessage,
    environments: [
      shipped.start('send-message', {
        ...common(5),
        variables: { ...variables('send-message'), SENDS_PER_SECOND: '160' },
        random,
        newId: () => `again-${(attempts += 1)}`,
        sqs: sendsQueue.client,
        secretsManager: scripted.secretsManager(() => Promise.resolve({ SecretString: 'sim-key' })),
        createHttpClient: vendor.createHttpClient,
      }),
    ],
  });
  const left = () => outcomes.left + sendsQueue.left;
  while (left() > 0 && clock.now() - backAt < longestMs) await clock.advance(minuteMs);

  const marks = Array.from({ length: sends }, (_, index) => `m-${index}-`);
  const isEnded = (mark: string) =>
    policy === 'hold' ? deadLetters.has(mark) && !vendor.accepted.has(mark) : vendor.accepted.get(mark) === 1;
  return {
    reported,
    sentAgain: marks.slice(0, reported).filter((mark) => vendor.accepted.has(mark)).length,
    givenUp: marks.slice(0, reported).filter((mark) => deadLetters.has(mark)).length,
    unreported: sends - reported,
    ended: marks.slice(reported).filter(isEnded).length,
    left: left(),
    minutes: ((left() > 0 ? clock.now() : endedAt) - backAt) / minuteMs,
  };
}

const idOf = (index: number) => `order-${index}`;

function statusOf(sendId: string, sentAt: number): Outcome {
  const attributes = { [outcomeAttributes.kind]: outcomeAttributes.status };
  return {
    body: JSON.stringify({ sendId, vendorId: 'V1' }),
    attributes,
    sentAt: Math.floor(sentAt),
    receiveCount: 0,
  };
}

function shuffle(items: Outcome[], random: () => number): void {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [one, two] = [items[index], items[other]];
    if (one === undefined || two === undefined) continue;
    items[index] = two;
    items[other] = one;
  }
}
