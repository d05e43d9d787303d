import {
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../../local/aws/lambda/event-source-mapping.ts';
import type { AwsService } from '../../../local/aws/protocols/service.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Shipped, Variables } from '../harness/shipped.ts';
import { type Injected, uniform } from '../harness/simulated/faults.ts';
import type { LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import type { Clients } from './clients.ts';
import { createEnvironments, type Environment } from './environments.ts';
import type { Fates } from './fates.ts';
import { withOverlaps } from './overlap.ts';
import type { Vendor } from './vendor.ts';
import type { sharesAt } from './weather.ts';

export interface WorkersOptions {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly variables: (name: 'send-message' | 'settle-send') => Variables;
  readonly seed: number;
  readonly clock: Clock;
  readonly shares: ReturnType<typeof sharesAt>;
  readonly injected: Injected;
  /** Takes every line that is logged. */
  readonly write: (line: string) => void;
  readonly clients: Clients;
  readonly table: LedgerTable;
  readonly vendor: Vendor;
  readonly fates: Fates;
  readonly operations: AwsService['operations'];
  /** Of a queue, by its logical id. */
  readonly urlOf: (logicalId: string) => string;
  readonly arnOf: (logicalId: string) => string;
}

export interface Workers {
  readonly invocations: number;
  readonly timeouts: number;
  /** Resolves when the last batch is settled. */
  close(): Promise<void>;
}

/** send-message and settle-send on their queues, in environments that end where chance says. */
export function startWorkers(options: WorkersOptions): Workers {
  const { shipped, stage, variables, seed, clock, shares, injected, write, clients, table, vendor, fates } =
    options;
  const lifeRandom = uniform(seed, 4);
  const senderRandom = uniform(seed, 5);
  const overlapRandom = uniform(seed, 9);
  const endsHere = () => lifeRandom() < shares.ends;
  let attempts = 0;

  function startSender(): Environment {
    const life = createLife({ clock, endsHere });
    const { client: dynamoDb, claimed } = clients.ledgerFor(life);
    const handle = shipped.start('send-message', {
      variables: variables('send-message'),
      clock: life.clock,
      random: senderRandom,
      newId: () => `attempt-${(attempts += 1)}`,
      write,
      ...clients.forLife(life),
      dynamoDb,
      createHttpClient: ({ deadlineMs }) => vendor.clientFor(life, deadlineMs),
    });
    const onEnd = () => {
      injected.count('end of send-message');
      for (const key of claimed) {
        const fate = table.isOpen(key) ? fates.ofKey(key) : undefined;
        if (fate === undefined) continue;
        injected.count('message in the hands of an environment that ended');
        fate.killed += 1;
      }
    };
    return { life, handle, onEnd };
  }

  function startSettler(): Environment {
    const life = createLife({ clock, endsHere });
    const handle = shipped.start('settle-send', {
      variables: variables('settle-send'),
      clock: life.clock,
      write,
      ...clients.forLife(life),
      dynamoDb: clients.ledgerFor(life).client,
    });
    return { life, handle, onEnd: () => injected.count('end of settle-send') };
  }

  const works = [
    { source: 'SendsQueue', of: stage.sendMessage, start: startSender },
    { source: 'OutcomesQueue', of: stage.settleSend, start: startSettler },
  ].map(({ source, of, start }) => {
    const environments = createEnvironments({ clock, timeoutMs: of.timeoutMs, start });
    return { environments, mapping: mappingOf(source, of, environments.invoke) };
  });

  function mappingOf(
    source: string,
    { batchSize, batchingWindowSeconds, maximumConcurrency }: Stage['sendMessage'],
    invoke: Parameters<typeof startEventSourceMapping>[0]['invoke'],
  ): EventSourceMapping {
    return startEventSourceMapping({
      // Each its own: what one queue hands out again is nothing to the other.
      operations: withOverlaps({
        operations: options.operations,
        clock,
        injected,
        random: overlapRandom,
        share: shares.overlaps,
      }),
      queueUrl: options.urlOf(source),
      queueArn: options.arnOf(source),
      region: 'eu-central-1',
      batchSize,
      maximumBatchingWindowSeconds: batchingWindowSeconds,
      maximumConcurrency,
      reportBatchItemFailures: true,
      clock,
      invoke,
    });
  }

  const sumOf = (read: (work: (typeof works)[number]) => number) =>
    works.reduce((sum, work) => sum + read(work), 0);
  return {
    get invocations() {
      return sumOf(({ environments }) => environments.invocations);
    },
    get timeouts() {
      return sumOf(({ environments }) => environments.timeouts);
    },
    async close() {
      await Promise.all(works.map(({ mapping }) => mapping.close()));
    },
  };
}
