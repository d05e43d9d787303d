import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Stack, startStack } from '../../../local/stack/stack.ts';
import { clientSettings } from '../../support/client-settings.ts';
import { createRandom } from '../harness/random.ts';
import type { AwsProxy } from './aws-proxy.ts';
import { acceptedById, countDeadLetters, countOutcomes, type Outcomes } from './count-outcomes.ts';
import { createExecutioner } from './executioner.ts';
import type { Policy } from './points.ts';
import { createQuotas } from './quotas.ts';
import type { ScaledProject } from './scaled-project.ts';
import { createSettlerExecutioner } from './settler-executioner.ts';
import { createTarget, idOf, type Target } from './targets.ts';

export interface KillOptions {
  /** With its defects planted, if any. */
  readonly project: ScaledProject;
  /** Those that the project's workers call. */
  readonly proxies: { readonly sender: AwsProxy; readonly settler: AwsProxy };
  readonly policy: Policy;
  readonly kills: number;
  readonly seed: number;
  /** How many messages are under way at once. */
  readonly underWay?: number;
  /** How long nothing may happen before the run is given up, in milliseconds. */
  readonly patienceMs?: number;
  readonly onProgress?: (kills: number) => void;
}

export interface KillReport extends Outcomes {
  readonly policy: Policy;
  readonly seed: number;
  readonly kills: number;
  readonly wantedKills: number;
  /** Invocations of settle-send that the local Lambda saw end by SIGKILL. */
  readonly settlersKilled: number;
  readonly wantedSettlerKills: number;
  readonly settlersByCall: Readonly<Record<string, number>>;
  readonly byPoint: Readonly<Record<string, number>>;
  /** Invocations of send-message that the local Lambda saw end by SIGKILL, counted there. */
  readonly invocationsKilled: number;
  readonly seconds: number;
}

/** The share of messages that are put on the queue twice. */
const twinShare = 0.15;

/** Kills of settle-send for each of the other function. */
const settlerShare = 0.25;

/** Of the parked sends that Connectly has accepted: a delivery status of it comes. */
const toldShare = 0.8;

/** How often the run looks at its queues, in milliseconds. */
const lookEveryMs = 100;

/** Queues messages and kills the workers that handle them, then lets everything settle, and counts what became of it. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const { project, proxies, policy, kills, seed, underWay = 100, patienceMs = 60_000 } = options;
  const startedAt = performance.now();
  const random = createRandom(seed, policy === 'hold' ? 1 : 2);
  let killed = 0;
  let invocationsKilled = 0;
  let settlersKilled = 0;
  const stack = await startStack({
    projectRoot: project.root,
    onFunctionLog(log) {
      if (log.stream !== 'platform' || !log.report.errorMessage?.includes('SIGKILL')) return;
      if (log.functionName.endsWith('settle-send')) settlersKilled += 1;
      else invocationsKilled += 1;
    },
  });
  const queues = openQueues(stack);
  const quotas = createQuotas(kills, policy, random);
  let changedAt = performance.now();
  const executioner = createExecutioner({
    policy,
    connectly: stack.connectly,
    quotas,
    random,
    onKill() {
      changedAt = performance.now();
      killed += 1;
      options.onProgress?.(killed);
    },
  });
  const settlers = createSettlerExecutioner(random, () => {
    changedAt = performance.now();
  });
  proxies.sender.connect({ awsUrl: stack.awsUrl, gates: executioner.gates });
  proxies.settler.connect({ awsUrl: stack.awsUrl, gates: settlers.gates });

  const targets = new Map<string, Target>();
  let open: ReadonlySet<string> = new Set();
  const told = new Set<string>();
  // Where nothing is parked, settle-send has nothing to do.
  const wantedSettlerKills = policy === 'hold' ? Math.ceil(kills * settlerShare) : 0;
  let enoughAt = Infinity;
  const isEnough = () => {
    if (killed < kills) return false;
    // From here on hardly anything is parked any more: what settle-send has not died of by now may never come.
    enoughAt = Math.min(enoughAt, performance.now());
    return settlersKilled >= wantedSettlerKills || performance.now() - enoughAt > patienceMs;
  };
  const isStuck = () => performance.now() - changedAt > patienceMs;
  try {
    while (!isEnough() && !isStuck()) {
      look();
      const fresh = Array.from({ length: Math.max(0, underWay - open.size) }, newTarget);
      await queues.send(fresh, (target, messageId) => executioner.queuedAs(target, messageId));
      await sleep(lookEveryMs);
    }
    executioner.stop();
    settlers.stop();
    changedAt = performance.now();
    do {
      await sleep(lookEveryMs);
      look();
    } while (open.size > 0 && !isStuck());
    return {
      policy,
      seed,
      kills: killed,
      wantedKills: kills,
      settlersKilled,
      wantedSettlerKills,
      settlersByCall: settlers.byCall(),
      byPoint: quotas.byPoint(),
      invocationsKilled,
      ...countOutcomes([...targets.values()], {
        accepted: stack.connectly.state(0).accepted.byCallbackData,
        deadLetters: countDeadLetters(queues.messages('SendsDlq')),
        unsettled: open,
      }),
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    queues.close();
    await stack.close();
  }

  function newTarget(): Target {
    const isTwin = random.chance(twinShare);
    const target = createTarget({ number: targets.size, businessId: stack.businessId, policy, isTwin });
    targets.set(target.id, target);
    executioner.add(target);
    return target;
  }

  function look(): void {
    const now = queues.open();
    for (const id of open) {
      const target = targets.get(id);
      if (now.has(id) || target === undefined) continue;
      executioner.forget(target);
      changedAt = performance.now();
    }
    open = now;
    if (policy === 'hold') tellOfParked();
  }

  /** Connectly tells of some of the sends that it has accepted and that are parked: the fake tells of none that failed. */
  function tellOfParked(): void {
    const accepted = acceptedById(stack.connectly.state(0).accepted.byCallbackData);
    for (const id of open) {
      if (told.has(id) || targets.get(id)?.isParked !== true || !accepted.has(id)) continue;
      told.add(id);
      if (random.chance(toldShare)) void queues.report(id);
    }
  }
}

/** The stack's queues as a producer and an operator have them. */
function openQueues(stack: Stack) {
  const client = new SQSClient(clientSettings(stack.awsUrl, stack.region));

  function view(logicalId: string) {
    const name = stack.description.queues.find((each) => each.logicalId === logicalId)?.name;
    const found = stack.sqs.queues().find((each) => each.name === name);
    if (found === undefined) throw new Error(`The stack has no queue ${logicalId}.`);
    return found;
  }

  const messages = (logicalId: string) => view(logicalId).peek(Infinity);

  return {
    messages,
    /** The ids of the messages that are on their way. */
    open(): ReadonlySet<string> {
      const bodies = [...messages('SendsQueue'), ...messages('OutcomesQueue')].map(({ body }) => idOf(body));
      return new Set(bodies.filter((id) => id !== undefined));
    },
    async send(targets: readonly Target[], onQueued: (target: Target, messageId: string) => void) {
      const copies = targets.flatMap((target) => (target.isTwin ? [target, target] : [target]));
      for (let start = 0; start < copies.length; start += 10) {
        const batch = copies.slice(start, start + 10);
        const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
        const QueueUrl = stack.description.outputs['SendsQueueUrl'];
        const { Successful: sent = [] } = await client.send(
          new SendMessageBatchCommand({ QueueUrl, Entries }),
        );
        if (sent.length !== batch.length) throw new Error('SQS did not take every message.');
        for (const { Id, MessageId } of sent) {
          const target = batch[Number(Id)];
          if (target !== undefined && MessageId !== undefined) onQueued(target, MessageId);
        }
      }
    },
    /** Puts a delivery status on the outcomes queue, as the webhook does. */
    async report(sendId: string) {
      const MessageAttributes = { 'relay.kind': { DataType: 'String', StringValue: 'status' } };
      const QueueUrl = view('OutcomesQueue').url;
      const MessageBody = JSON.stringify({ sendId });
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    },
    close: () => client.destroy(),
  };
}
