import { createHmac } from 'node:crypto';
import { statusEvent } from '../../../connectly-events/status-event.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Handler } from '../harness/shipped.ts';
import type { Injected } from '../harness/simulated/faults.ts';
import type { Acceptance } from './vendor.ts';

export interface StatusWebhooksOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly injected: Injected;
  /** Of all acceptances, from 0 to 1: no status of them ever comes. */
  readonly lostShare: number;
  /** What Connectly signs with. */
  readonly secret: string;
  readonly receive: Handler<'receive-webhook'>;
}

export interface StatusWebhooks {
  /** Tells of an acceptance a little later; the webhook can tell which it was only by what was to be handed back. */
  readonly tell: (accepted: Acceptance) => void;
  readonly underWay: number;
}

const mostTries = 5;

/** Connectly's delivery statuses, posted to the webhook and posted again when it does not answer 200. */
export function createStatusWebhooks(options: StatusWebhooksOptions): StatusWebhooks {
  const { clock, random, injected, lostShare, secret, receive } = options;
  let underWay = 0;

  async function post(body: string, tries: number): Promise<void> {
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    const request = { headers: { 'x-connectly-hmac-sha256': signature }, body };
    const { statusCode } = await receive(request, { awsRequestId: 'webhook' });
    if (statusCode === 200 || tries === mostTries) underWay -= 1;
    else clock.after(tries * 10_000, () => void post(body, tries + 1));
  }

  return {
    tell({ vendorId, callbackData }) {
      if (random() < lostShare) return injected.count('status lost');
      const message = {
        id: vendorId,
        businessNumber: '+15550000000',
        recipient: '+15550000001',
        send: { channelType: 'whatsapp', callbackData: { value: callbackData } },
      };
      const body = JSON.stringify(
        statusEvent({ message, status: 'delivered', error: null, at: clock.now() }),
      );
      underWay += 1;
      clock.after(1_000 + Math.floor(random() * 60_000), () => void post(body, 1));
    },
    get underWay() {
      return underWay;
    },
  };
}
