interface Due<Item> {
  readonly dueAt: number;
  readonly order: number;
  readonly item: Item;
}

/** Items by the time at which they fall due; among equals, the one that was added first. A binary heap. */
export class DueHeap<Item> {
  #heap: Due<Item>[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(dueAt: number, item: Item): void {
    const due = { dueAt, order: this.#added++, item };
    let index = this.#heap.length;
    this.#heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = due;
  }

  peek(): { readonly dueAt: number; readonly item: Item } | undefined {
    return this.#heap[0];
  }

  pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const rightIsFirst = left !== undefined && right !== undefined && isBefore(right, left);
      const child = rightIsFirst ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      this.#heap[index] = child;
      index = 2 * index + (rightIsFirst ? 2 : 1);
    }
    this.#heap[index] = last;
  }

  /** Drops what nobody waits for any more. */
  keep(isWanted: (item: Item) => boolean): void {
    const wanted = this.#heap.filter(({ item }) => isWanted(item));
    // A sorted array is a heap.
    this.#heap = wanted.toSorted((a, b) => a.dueAt - b.dueAt || a.order - b.order);
  }
}

const isBefore = <Item>(a: Due<Item>, b: Due<Item>): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
