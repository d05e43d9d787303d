// A stand-in for the use case around the dispatcher: what it does with a result, and nothing of how it gets it.
import { outcomeOf } from '../../../lib/connectly/answer.ts';
import type { Dispatcher, DispatcherOptions } from '../../../lib/delivery/dispatcher.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import { retryDelaySeconds } from '../../../lib/delivery/retry-policy.ts';
import type { ScriptedVendor } from './scripted-vendor.ts';

export type CreateDispatcher = (options: DispatcherOptions<Outcome>) => Dispatcher<Outcome>;

/** A message as it came from the queue; times in epoch milliseconds. */
export interface ReceivedSend {
  readonly id: string;
  readonly receiveCount: number;
  readonly expiresAt: number;
  readonly lifeSeconds: number;
}

/** What becomes of a message in the queues. Without an effect it is acknowledged. */
export type SendEffect =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'come-back'; readonly delaySeconds: number }
  | { readonly kind: 'park' | 'dead-letter'; readonly code: string };

export interface SenderPorts {
  readonly dispatcher: Dispatcher<Outcome>;
  readonly vendor: ScriptedVendor;
  readonly now: () => number;
  readonly random: () => number;
}

const expired: Outcome = { kind: 'refused', code: 'expired', message: '', ours: true };

export async function send(
  message: ReceivedSend,
  canFinish: () => boolean,
  { dispatcher, vendor, now, random }: SenderPorts,
): Promise<SendEffect> {
  const comeBack = (retryAfterSeconds: number | undefined): SendEffect => ({
    kind: 'come-back',
    delaySeconds: retryDelaySeconds({
      receiveCount: message.receiveCount,
      retryAfterSeconds,
      lifeSeconds: message.lifeSeconds,
      secondsLeft: (message.expiresAt - now()) / 1000,
      random,
    }),
  });
  const start = async () =>
    now() >= message.expiresAt ? expired : outcomeOf(await vendor.send(message.id), now());
  const result = await dispatcher.dispatch({ businessId: 'business-1', start, canFinish });
  if ('notStarted' in result) return comeBack(result.notStarted === 'no-time-left' ? 1 : undefined);
  switch (result.kind) {
    case 'accepted':
    case 'duplicate':
      return { kind: 'acknowledge' };
    case 'refused':
      return { kind: 'dead-letter', code: result.code };
    case 'unclear':
      return { kind: 'park', code: result.code };
    case 'not-sent':
      return comeBack(result.retryAfterSeconds);
  }
}

export { judge as signOf } from '../../../lib/delivery/outcome.ts';
