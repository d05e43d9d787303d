/** Something that happened, for whoever watches live. */
export interface FeedEvent {
  readonly type: 'request' | 'accepted' | 'webhook' | 'fault' | 'changed';
  /** JSON, in the shape that the state has it. */
  readonly data: unknown;
}

/** Tells every listener what happens, in order. */
export class Feed {
  readonly #listeners = new Set<(event: FeedEvent) => void>();

  /** The returned function ends the subscription. */
  subscribe(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: FeedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
