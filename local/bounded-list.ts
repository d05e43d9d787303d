export interface BoundedListOptions<Item> {
  readonly items: number;
  /** No limit when absent. */
  readonly bytes?: number;
  readonly bytesOf?: (item: Item) => number;
}

/** Keeps the newest items, as many as the limits allow; older ones fall out. */
export class BoundedList<Item> implements Iterable<Item> {
  readonly #limits: Required<BoundedListOptions<Item>>;
  #items: Item[] = [];
  #head = 0;
  #bytes = 0;

  constructor({ items, bytes = Infinity, bytesOf = () => 0 }: BoundedListOptions<Item>) {
    this.#limits = { items, bytes, bytesOf };
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  add(item: Item): void {
    const { items, bytes, bytesOf } = this.#limits;
    this.#items.push(item);
    this.#bytes += bytesOf(item);
    while (this.#items.length - this.#head > items || this.#bytes > bytes) {
      const oldest = this.#items[this.#head++];
      if (oldest === undefined) break;
      this.#bytes -= bytesOf(oldest);
    }
    // Not each time: moving all the others down for one would cost more than the room of the few.
    if (this.#head > 1_000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item !== undefined) yield item;
    }
  }
}
