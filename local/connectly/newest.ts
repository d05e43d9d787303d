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

  /** Oldest first. */
  list(): readonly V[] {
    return [...this.#values.values()];
  }

  clear(): void {
    this.#values.clear();
  }
}
