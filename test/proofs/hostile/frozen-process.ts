// The process that the shipped sender runs in while it is frozen between sends, as Lambda does it between invocations.
// What it has sent to one server keeps its connections for the next send.
import { composeConnectly } from '../../../lib/compose/connectly.ts';
import { createHttpClient } from '../../../lib/connectly/http.ts';
import { createLogger } from '../../../lib/logger.ts';
import { systemClock } from '../../../local/clock.ts';
import { scripted } from '../../support/scripted-clients.ts';
import { type Invocation, monotonicMs, type Sent, timesFaster } from './frozen-sender.ts';

const senders = new Map<string, ReturnType<typeof senderTo>>();

function senderTo(url: string) {
  return composeConnectly(
    { apiKeySecretArn: 'api-key', connectlyBaseUrl: new URL(url), senderNumber: undefined },
    {
      clock: systemClock,
      secretsManager: scripted.secretsManager(() => Promise.resolve({ SecretString: 'key' })),
      createHttpClient: ({ deadlineMs }) =>
        createHttpClient({ deadlineMs, now: () => systemClock.now() * timesFaster }),
    },
    createLogger({ stage: 'hostile', level: 'error', output: () => {}, now: () => systemClock.now() }),
  );
}

async function sendOne(url: string, serial: number): Promise<Sent> {
  const sender = senders.get(url) ?? senderTo(url);
  senders.set(url, sender);
  const beganAt = monotonicMs();
  const message = { type: 'text', to: '+15550001111', text: `#${serial}` } as const;
  const expiresAt = Number.POSITIVE_INFINITY;
  const { kind } = await sender.send({ message, businessId: 'business-1', expiresAt });
  return { kind, beganAt, endedAt: monotonicMs() };
}

process.on('message', (sends: Invocation) => {
  void Promise.all(sends.map(({ url, serial }) => sendOne(url, serial))).then((sent) => process.send?.(sent));
});
process.on('disconnect', () => process.exit());
