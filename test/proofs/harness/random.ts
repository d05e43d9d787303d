/** Random numbers that one pair of numbers decides: the same seed and stream give the same values on every machine. */
export interface Random {
  /** An integer from 0 to `below` - 1. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  bytes(count: number): Buffer;
}

/** Chris Doty-Humphrey's sfc32: fast, and cheap enough to set up that every request gets a stream of its own. */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;

  function next(): number {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }
  // Until then, streams with neighbouring numbers look alike.
  for (let round = 0; round < 15; round++) next();

  function int(below: number): number {
    return Math.floor((next() / 0x1_0000_0000) * below);
  }

  return {
    int,
    chance: (probability) => next() < probability * 0x1_0000_0000,
    pick(items) {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    bytes(count) {
      const bytes = Buffer.allocUnsafe(count);
      for (let index = 0; index < count; index++) bytes[index] = next() & 0xff;
      return bytes;
    },
  };
}
