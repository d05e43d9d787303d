import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsEndpoint, startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import type { AwsService } from '../../local/aws/protocols/service.ts';
import { createSqs, type Sqs } from '../../local/aws/sqs/sqs.ts';
import type { Time } from '../contract/sqs/rule.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface SqsEmulator {
  readonly sqs: Sqs;
  readonly clock: VirtualClock;
  readonly endpoint: AwsEndpoint;
  /** Virtual time for the rules of the conformance suite. */
  readonly time: Time;
}

/** The SQS emulator behind a real HTTP endpoint, over a clock that stands still. `change` may put another service in. */
export async function startSqsEmulator(
  change: (service: AwsService) => AwsService = (service) => service,
): Promise<SqsEmulator> {
  const clock = createVirtualClock();
  const sqs = createSqs({
    clock,
    region: 'eu-central-1',
    accountId: '000000000000',
    baseUrl: () => endpoint.url,
  });
  const polls = new PollCounter();
  const endpoint = await startAwsEndpoint({ services: [polls.watch(change(sqs.service))] });
  return {
    sqs,
    clock,
    endpoint,
    time: {
      advance: (milliseconds) => clock.advance(milliseconds),
      pollArrives: () => polls.oneMore(),
    },
  };
}

/** Knows how many receive calls wait at the service: virtual time must not pass before a poll is there. */
class PollCounter {
  #waiting = 0;
  #seen = 0;

  watch(service: AwsService): AwsService {
    const receive = service.operations['ReceiveMessage'];
    if (receive === undefined) return service;
    return {
      ...service,
      operations: {
        ...service.operations,
        ReceiveMessage: async (input, context) => {
          this.#waiting += 1;
          try {
            return await receive(input, context);
          } finally {
            this.#waiting -= 1;
            this.#seen = Math.min(this.#seen, this.#waiting);
          }
        },
      },
    };
  }

  /** Gives up after a while: against a service that does not let its callers wait, a rule is to fail, not to hang. */
  async oneMore(): Promise<void> {
    for (let i = 0; i < 1_000 && this.#waiting <= this.#seen; i += 1) await sleep(2);
    this.#seen = this.#waiting;
  }
}
