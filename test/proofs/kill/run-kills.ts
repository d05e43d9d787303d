import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Stack, startStack } from '../../../local/stack/stack.ts';
import { clientSettings } from '../../support/client-settings.ts';
import { createRandom } from '../harness/random.ts';
import type { AwsProxy } from './aws-proxy.ts';
import { countDeadLetters, countOutcomes, type Outcomes } from './count-outcomes.ts';
import { createExecutioner } from './executioner.ts';
import type { Policy } from './points.ts';
import { createQuotas } from './quotas.ts';
import type { ScaledProject } from './scaled-project.ts';
import { createTarget, idOf, type Target } from './targets.ts';

export interface KillOptions {
  /** With its defects planted, if any. */
  readonly project: ScaledProject;
  /** The one that the project's workers call. */
  readonly proxy: AwsProxy;
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
  readonly byPoint: Readonly<Record<string, number>>;
  /** Invocations that the local Lambda saw end by SIGKILL, counted there. */
  readonly invocationsKilled: number;
  readonly seconds: number;
}

/** The share of messages that are put on the queue twice. */
const twinShare = 0.15;

/** How often the run looks at its queues, in milliseconds. */
const lookEveryMs = 100;

/** Queues messages and kills the workers that handle them, then lets everything settle, and counts what became of it. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const { project, proxy, policy, kills, seed, underWay = 100, patienceMs = 60_000 } = options;
  const startedAt = performance.now();
  const random = createRandom(seed, policy === 'hold' ? 1 : 2);
  let killed = 0;
  let invocationsKilled = 0;
  const stack = await startStack({
    projectRoot: project.root,
    onFunctionLog(log) {
      if (log.stream === 'platform' && log.report.errorMessage?.includes('SIGKILL')) invocationsKilled += 1;
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
  proxy.connect({ awsUrl: stack.awsUrl, gates: executioner.gates });

  const targets = new Map<string, Target>();
  let open: ReadonlySet<string> = new Set();
  const isEnough = () => killed >= kills;
  const isStuck = () => performance.now() - changedAt > patienceMs;
  try {
    while (!isEnough() && !isStuck()) {
      look();
      const fresh = Array.from({ length: Math.max(0, underWay - open.size) }, newTarget);
      await queues.send(fresh, (target, messageId) => executioner.queuedAs(target, messageId));
      await sleep(lookEveryMs);
    }
    executioner.stop();
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
      byPoint: quotas.byPoint(),
      invocationsKilled,
      ...countOutcomes([...targets.values()], {
        accepted: stack.connectly.state(0).accepted.byCallbackData,
        deadLetters: countDeadLetters(queues.view('SendsDlq')),
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
  }
}

/** The stack's queues as a producer and an operator have them. */
function openQueues(stack: Stack) {
  const client = new SQSClient(clientSettings(stack.awsUrl, stack.region));

  function view(logicalId: string) {
    const name = stack.description.queues.find((each) => each.logicalId === logicalId)?.name;
    const found = stack.sqs.queues().find((each) => each.name === name);
    if (found === undefined) throw new Error(`The stack has no queue ${logicalId}.`);
    return found.peek(Infinity);
  }

  return {
    view,
    /** The ids of the messages that are on their way. */
    open(): ReadonlySet<string> {
      const bodies = [...view('SendsQueue'), ...view('OutcomesQueue')].map(({ body }) => idOf(body));
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
    close: () => client.destroy(),
  };
}
