import { createRandom } from '../random.ts';

/** Counts what has been injected, by kind: the injectors count, never what is under test. */
export class Injected {
  readonly #counts = new Map<string, number>();

  count(kind: string): void {
    this.#counts.set(kind, this.of(kind) + 1);
  }

  of(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** All kinds whose name begins so. */
  sum(prefix: string): number {
    return this.all()
      .filter(([kind]) => kind.startsWith(prefix))
      .reduce((total, [, count]) => total + count, 0);
  }

  /** In the order of their names. */
  all(): readonly (readonly [string, number])[] {
    return [...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}

export interface Weighted {
  readonly weight: number;
}

/** One of them, more often the heavier. */
export function pickWeighted<Item extends Weighted>(items: readonly Item[], random: () => number): Item {
  let left = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  const last = items.at(-1);
  if (last === undefined) throw new Error('nothing to pick from');
  return last;
}

/** Numbers from 0 up to 1. */
export function uniform(seed: number, stream: number): () => number {
  const random = createRandom(seed, stream);
  return () => random.int(2 ** 32) / 2 ** 32;
}

/** An error as an AWS client throws it. */
export function awsFailure(name: string): Error {
  const error = new Error('The service is at fault.');
  error.name = name;
  return error;
}
