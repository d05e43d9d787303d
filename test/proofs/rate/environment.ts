// One execution environment of send-message: the shipped modules as functions/send-message.ts wires them, but for its
// log lines and the AWS clients, with clock, ledger, secret and HTTP of the simulation.
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import type { HttpClient } from '../../../lib/connectly/http.ts';
import type { Attempt } from '../../../lib/delivery/deliver.ts';
import type { LedgerStore } from '../../../lib/delivery/ledger/ledger.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Environment } from '../sends/environments.ts';
import type { Shipped } from '../sends/functions.ts';
import type { SendsQueue } from './sends-queue.ts';

export interface Surroundings {
  readonly shipped: Shipped;
  readonly clock: Clock;
  /** Whose timers may be late. */
  readonly dispatcherClock: Clock;
  readonly random: () => number;
  /** Of this environment. */
  readonly ratePerSecond: number;
  readonly window: number;
  readonly http: HttpClient;
  readonly ledger: LedgerStore;
  readonly queue: SendsQueue;
  readonly newAttemptId: () => string;
  /** Told about what must never happen: an unknown error, or a ledger that could not be written. */
  readonly onBug: (error: unknown) => void;
}

const businessId = 'sim-business';

export function startSender(surroundings: Surroundings): Environment['handle'] {
  const { shipped, clock, random, ratePerSecond, window, http, ledger, queue, onBug } = surroundings;
  const now = () => clock.now();
  const apiKeys = shipped.createSecretCache({
    fetch: () => Promise.resolve('sim-key'),
    parse: shipped.parseApiKeys,
    now,
    onServedStale: onBug,
  });
  const baseUrl = new URL('https://api.connectly.ai');
  const sender = shipped.connectlySender({ http, baseUrl, apiKeys, senderNumber: undefined, now });
  const pacing = { ratePerSecond, window, clock: surroundings.dispatcherClock, random };
  const deliver = shipped.createDeliver({
    sender,
    dispatcher: shipped.createDispatcher<Attempt>({
      ...pacing,
      judge: ({ outcome }) => shipped.judge(outcome),
      probe: shipped.createProbe(sender, () => {}),
    }),
    expiryDispatcher: shipped.createDispatcher<Attempt>({ ...pacing, ...shipped.undisturbed }),
    claim: shipped.createClaim({
      store: ledger,
      leaseMs: shipped.leaseMs,
      now,
      newAttemptId: surroundings.newAttemptId,
    }),
    settings: { businessId, ifUnclear: 'hold', onlyTo: undefined },
    now,
    random,
    onUnrecorded: onBug,
  });

  return ({ Records: records }, context) => {
    const canFinish = () => context.getRemainingTimeInMillis() >= shipped.timeForOneMessageMs;
    const handle = async (record: SqsRecord) => {
      const delivery = await deliver(shipped.toQueuedMessage(record), queue.effectsFor(record), canFinish);
      return delivery.acknowledge;
    };
    return shipped.runBatch(records, handle, onBug);
  };
}
