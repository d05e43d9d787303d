import { ledgerKey } from './producers.ts';

/** What befell one message, as the injectors saw it. */
export interface MessageFate {
  /** How often an environment ended that had claimed it. */
  killed: number;
  /** How often a delivery status of it reached the outcomes queue. */
  reported: number;
  /** How often it was given to people as of unknown outcome. */
  handedOver: number;
  /** How often a copy of it reached the dead-letter queue without a confirmation, and was made again. */
  unconfirmed: number;
  /** Without a key of its producer's, no status can be told to be its own. */
  hasId: boolean;
  /** Of the ledger. */
  readonly keys: Set<string>;
}

/** A message that was queued, and the id that the queue gave it. */
export interface Queued {
  readonly mark: string;
  /** The producer's key, when it gave one. */
  readonly id: string | undefined;
  readonly body: string;
  readonly messageId: string;
}

/** The fates of all messages, by the marks in their texts. */
export class Fates {
  readonly byMark = new Map<string, MessageFate>();
  readonly #markByKey = new Map<string, string>();
  readonly #markById = new Map<string, string>();

  of(mark: string): MessageFate {
    const known = this.byMark.get(mark);
    if (known !== undefined) return known;
    const fate = {
      killed: 0,
      reported: 0,
      handedOver: 0,
      unconfirmed: 0,
      hasId: false,
      keys: new Set<string>(),
    };
    this.byMark.set(mark, fate);
    return fate;
  }

  queued({ mark, id, body, messageId }: Queued): void {
    const key = ledgerKey(body, id ?? messageId);
    this.#markByKey.set(key, mark);
    const fate = this.of(mark);
    fate.keys.add(key);
    if (id === undefined) return;
    fate.hasId = true;
    this.#markById.set(id, mark);
  }

  /** Of the message with that key in the ledger, or with that id of its producer. */
  ofKey(key: string): MessageFate | undefined {
    const mark = this.#markByKey.get(key);
    return mark === undefined ? undefined : this.of(mark);
  }

  ofId(id: string): MessageFate | undefined {
    const mark = this.#markById.get(id);
    return mark === undefined ? undefined : this.of(mark);
  }
}
