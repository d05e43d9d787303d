import { secretReader } from '../aws/secrets.ts';
import type { SendConfig } from '../config.ts';
import { parseApiKeys } from '../connectly/api-key.ts';
import { connectlySender } from '../connectly/sender.ts';
import { requestDeadlineMs } from '../delivery/time.ts';
import { errorFields, type Logger } from '../logger.ts';
import { createSecretCache } from '../secrets/cache.ts';
import type { Outside } from './outside.ts';

/** Connectly as send-message reaches it: the sender with its keys. */
export function composeConnectly(
  config: Pick<SendConfig, 'apiKeySecretArn' | 'connectlyBaseUrl' | 'senderNumber'>,
  { clock, secretsManager, createHttpClient }: Pick<Outside, 'clock' | 'secretsManager' | 'createHttpClient'>,
  logger: Logger,
) {
  const now = () => clock.now();
  const http = createHttpClient({ deadlineMs: requestDeadlineMs, now });
  const apiKeys = createSecretCache({
    fetch: secretReader(secretsManager, config.apiKeySecretArn),
    parse: parseApiKeys,
    now,
    onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
  });
  const { connectlyBaseUrl: baseUrl, senderNumber } = config;
  return connectlySender({ http, baseUrl, apiKeys, senderNumber, now });
}
