import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../../local/clock.ts';
import { type Injected, uniform } from '../harness/simulated/faults.ts';
import {
  createLedgerClient,
  type LedgerClient,
  type LedgerTable,
} from '../harness/simulated/ledger-client.ts';
import type { Life } from '../harness/simulated/life.ts';
import { createQueueClient, type QueueClientOptions } from '../harness/simulated/queue-client.ts';
import { createSecretClient } from '../harness/simulated/secret-client.ts';
import type { VirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { outages, type sharesAt } from './weather.ts';

export interface ClientsOptions extends Pick<QueueClientOptions, 'operations' | 'onUnconfirmed'> {
  readonly clock: Clock;
  readonly seed: number;
  readonly deadlines: VirtualDeadlines;
  readonly injected: Injected;
  readonly shares: ReturnType<typeof sharesAt>;
  readonly table: LedgerTable;
  readonly valueOf: (secretId: string) => string;
}

/** The AWS clients of every environment, which fail as often as the weather says. */
export interface Clients {
  forLife(life: Life): { readonly sqs: SQSClient; readonly secretsManager: SecretsManagerClient };
  ledgerFor(life: Life): LedgerClient;
}

export function createClients(options: ClientsOptions): Clients {
  const { operations, onUnconfirmed, clock, seed, deadlines, injected, shares, table, valueOf } = options;
  const startedAt = clock.now();
  const ledgerRandom = uniform(seed, 1);
  const queueRandom = uniform(seed, 2);
  const secretRandom = uniform(seed, 3);

  function isOut(): boolean {
    const elapsedMs = clock.now() - startedAt;
    return outages.some(({ fromMs, forMs }) => elapsedMs >= fromMs && elapsedMs < fromMs + forMs);
  }

  return {
    forLife: (life) => ({
      sqs: createQueueClient({
        operations,
        life,
        deadlines,
        injected,
        random: queueRandom,
        faultShare: shares.queueCalls,
        ...(onUnconfirmed !== undefined && { onUnconfirmed }),
      }),
      secretsManager: createSecretClient({
        valueOf,
        life,
        deadlines,
        injected,
        random: secretRandom,
        faultShare: shares.secretCalls,
      }),
    }),
    ledgerFor: (life) =>
      createLedgerClient({
        table,
        life,
        deadlines,
        injected,
        random: ledgerRandom,
        faultShare: shares.ledgerCalls,
        isOut,
      }),
  };
}
