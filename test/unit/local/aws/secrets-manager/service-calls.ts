import { randomUUID } from 'node:crypto';
import type { AwsService } from '../../../../../local/aws/protocols/service.ts';
import { createSecretsManager } from '../../../../../local/aws/secrets-manager/secrets-manager.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

/** A fresh Secrets Manager and a way to call it as the endpoint would, without HTTP. */
export function startSecretsManager() {
  const clock = createVirtualClock();
  const secretsManager = createSecretsManager({ clock, region: 'eu-west-1', accountId: '000000000000' });
  return { clock, secretsManager, call: caller(secretsManager.service) };
}

/** The token that SDKs add is added here, too; `signal` is the caller's connection. */
export function caller(service: AwsService) {
  return async (
    operation: string,
    input: Record<string, unknown> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Record<string, unknown>> => {
    const run = service.operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    const answer = await run({ ClientRequestToken: randomUUID(), ...input }, { signal });
    return Object.fromEntries(Object.entries(answer));
  };
}
