/** Keeps the newest `capacity` values by key; older ones fall out. */
export class Newest<V> {
  readonly #capacity: number;
  readonly #values = new Map<string, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(key: string, value: V): void {
    this.#values.set(key, value);
    if (this.#values.size <= this.#capacity) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      break;
    }
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  /** Oldest first; the last `count` of them when given. */
  list(count = Infinity): readonly V[] {
    const values = [...this.#values.values()];
    return count < values.length ? values.slice(values.length - count) : values;
  }

  clear(): void {
    this.#values.clear();
  }
}
