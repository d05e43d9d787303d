import { createMoves } from './moves.ts';
import type { Protocol } from './protocol.ts';
import type { Scene } from './scene.ts';
import { beginning, type Code, decode, encode, type World } from './world.ts';

export interface Finding {
  /** What happens, step by step: no shorter way leads there. */
  readonly steps: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly maximumAccepted: number;
  /** More acceptances than the policy allows. */
  readonly duplicate: Finding | undefined;
  /** The queue is done with it, Connectly never accepted it, and no trace of it is anywhere. */
  readonly lost: Finding | undefined;
}

/** Visits every world that can be reached, nearest first; `untilFirst` ends it at the first finding of that kind. */
export function explore(protocol: Protocol, scene: Scene, untilFirst?: 'duplicate' | 'lost'): Exploration {
  const moves = createMoves(protocol, scene);
  const seen = new StateSet();
  const code: Code = { low: 0, high: 0, isSwapped: false };
  encode(beginning(), code);
  seen.add(code, -1);
  let maximumAccepted = 0;
  let duplicate = -1;
  let lost = -1;
  for (let index = 0; index < seen.size; index++) {
    const world = seen.worldAt(index);
    maximumAccepted = Math.max(maximumAccepted, world.accepted);
    if (duplicate < 0 && hasTooMany(world, scene)) duplicate = index;
    if (lost < 0 && isLost(world)) lost = index;
    if ((untilFirst === 'duplicate' && duplicate >= 0) || (untilFirst === 'lost' && lost >= 0)) break;
    moves(world, (next) => {
      encode(next, code);
      seen.add(code, index);
    });
  }
  const finding = (index: number) => (index < 0 ? undefined : { steps: wayTo(index, seen, moves) });
  return { states: seen.size, maximumAccepted, duplicate: finding(duplicate), lost: finding(lost) };
}

/**
 * The promise: one under `hold`; under `settle` one more for each that Connectly never reports (not counted here); one
 * more for each release; where policies are mixed, none by `hold` after another. Under every policy, nobody sends while
 * another one does within his lease.
 */
function hasTooMany(world: World, { policy }: Scene): boolean {
  if (world.overlapped === 1 || world.unheld === 1) return true;
  return (policy === 'hold' || policy === 'settle') && world.accepted > 1 + world.releases;
}

function isLost({
  workers,
  settler,
  person,
  present,
  parked,
  deadLetters,
  accepted,
  unreported,
}: World): boolean {
  const isQuiet = workers[0].at === 0 && workers[1].at === 0 && settler === 0 && person === 0;
  return isQuiet && present === 0 && parked === 0 && deadLetters === 0 && accepted + unreported === 0;
}

/** The steps are not kept: they are found again between each state and the one that it was reached from. */
function wayTo(index: number, seen: StateSet, moves: ReturnType<typeof createMoves>): string[] {
  const way: number[] = [];
  for (let at = index; at > 0; at = seen.parentOf(at)) way.unshift(at);
  const code: Code = { low: 0, high: 0, isSwapped: false };
  let isSwapped = false;
  return way.map((at) => {
    let found: { step: string; isSwapped: boolean } | undefined;
    moves(seen.worldAt(seen.parentOf(at)), (next, what, worker) => {
      encode(next, code);
      if (found !== undefined || !seen.isAt(at, code)) return;
      const name = worker === undefined ? '' : (worker === 0) === isSwapped ? 'B ' : 'A ';
      found = { step: name + what, isSwapped: code.isSwapped };
    });
    if (found?.isSwapped === true) isSwapped = !isSwapped;
    return found?.step ?? '';
  });
}

/** States in the order of their discovery, each with the one it was reached from: 12 bytes each, and a hash table. */
class StateSet {
  size = 0;
  #low = new Int32Array(1 << 16);
  #high = new Int32Array(1 << 16);
  #parents = new Int32Array(1 << 16);
  /** Index of a state plus one; twice as long as the lists, or longer. */
  #table = new Int32Array(1 << 18);

  add({ low, high }: Pick<Code, 'low' | 'high'>, parent: number): void {
    const mask = this.#table.length - 1;
    let slot = hash(low, high) & mask;
    for (let found = this.#table[slot] ?? 0; found !== 0; found = this.#table[slot] ?? 0) {
      if (this.#low[found - 1] === low && this.#high[found - 1] === high) return;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.#low.length) {
      this.#grow();
      this.add({ low, high }, parent);
      return;
    }
    this.#low[this.size] = low;
    this.#high[this.size] = high;
    this.#parents[this.size] = parent;
    this.#table[slot] = ++this.size;
  }

  worldAt(index: number): World {
    return decode(this.#low[index] ?? 0, this.#high[index] ?? 0);
  }

  parentOf(index: number): number {
    return this.#parents[index] ?? -1;
  }

  isAt(index: number, { low, high }: Code): boolean {
    return this.#low[index] === low && this.#high[index] === high;
  }

  #grow(): void {
    this.#low = longer(this.#low);
    this.#high = longer(this.#high);
    this.#parents = longer(this.#parents);
    this.#table = new Int32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = hash(this.#low[index] ?? 0, this.#high[index] ?? 0) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = index + 1;
    }
  }
}

function hash(low: number, high: number): number {
  let mixed = Math.imul(low ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

function longer(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(list.length * 2);
  copy.set(list);
  return copy;
}
