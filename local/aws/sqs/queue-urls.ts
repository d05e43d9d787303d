import type { SqsEngine } from './engine.ts';
import { queueDoesNotExist } from './errors.ts';
import { type Input, requiredString } from './input.ts';
import type { Queue } from './queue.ts';

/** How queues are named from outside: `${base}/${accountId}/${name}`. */
export class QueueUrls {
  readonly #accountId: string;
  readonly #baseUrl: () => string;

  /** `baseUrl` is a function, because the port is known only when the server listens. */
  constructor(accountId: string, baseUrl: () => string) {
    this.#accountId = accountId;
    this.#baseUrl = baseUrl;
  }

  urlOf(queue: Queue): string {
    return `${this.#baseUrl()}/${this.#accountId}/${queue.name}`;
  }

  /**
   * The queue of a request, by its URL or, as AWS takes it too, by its bare name. Of a URL only the end of the path counts:
   * a tunnel or another host name must not matter.
   */
  find(engine: SqsEngine, input: Input): Queue {
    const url = requiredString(input, 'QueueUrl');
    const [, accountId = this.#accountId, name = url] = /\/(\d{12})\/([^/?#]+)\/?$/.exec(url) ?? [];
    if (accountId !== this.#accountId) throw queueDoesNotExist();
    return engine.queue(name);
  }
}
