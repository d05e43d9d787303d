// A stand-in for the use case around the dispatcher: what it does with a result, and nothing of how it gets it.
import { outcomeOf } from '../../../lib/connectly/answer.ts';
import type { Dispatcher, DispatcherOptions, Sign } from '../../../lib/delivery/dispatcher.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import { retryDelaySeconds } from '../../../lib/delivery/retry-policy.ts';
import type { ScriptedVendor } from './scripted-vendor.ts';

export type CreateDispatcher = (options: DispatcherOptions<Outcome>) => Dispatcher<Outcome>;

/** A message as it came from the queue; times in epoch milliseconds. */
export interface ReceivedSend {
  readonly id: string;
  readonly receiveCount: number;
  readonly expiresAt: number;
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

const expired: Outcome = { kind: 'refused', code: 'expired', message: '' };

export async function send(
  message: ReceivedSend,
  canFinish: () => boolean,
  { dispatcher, vendor, now, random }: SenderPorts,
): Promise<SendEffect> {
  const { receiveCount } = message;
  const start = async () =>
    now() >= message.expiresAt ? expired : outcomeOf(await vendor.send(message.id), now());
  const result = await dispatcher.dispatch(start, canFinish);
  if ('notStarted' in result) {
    const retryAfterSeconds = result.notStarted === 'no-time-left' ? 1 : undefined;
    return {
      kind: 'come-back',
      delaySeconds: retryDelaySeconds({ receiveCount, retryAfterSeconds, random }),
    };
  }
  switch (result.kind) {
    case 'accepted':
      return { kind: 'acknowledge' };
    case 'refused':
      return { kind: 'dead-letter', code: result.code };
    case 'unclear':
      return { kind: 'park', code: result.code };
    case 'not-sent': {
      const { retryAfterSeconds } = result;
      return {
        kind: 'come-back',
        delaySeconds: retryDelaySeconds({ receiveCount, retryAfterSeconds, random }),
      };
    }
  }
}

/** What an outcome says about Connectly. */
export function signOf(outcome: Outcome): Sign {
  switch (outcome.kind) {
    case 'accepted':
      return 'alive';
    case 'refused':
      return outcome.code === 'expired' ? 'neutral' : 'alive';
    case 'unclear':
      return 'failing';
    case 'not-sent':
      if (outcome.configurationFault) return 'configuration';
      return outcome.code === 'connectly-429' ? 'throttled' : 'failing';
  }
}
