/** Sequences that are each in order of time as one that is. Holds one item of each. */
export async function* mergeByTime<Item extends { readonly at: number }>(
  sequences: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item> {
  const iterators = sequences.map((sequence) => sequence[Symbol.asyncIterator]());
  try {
    const first = await Promise.all(iterators.map((iterator) => iterator.next()));
    const heads = first.flatMap(({ done, value }, index) =>
      done === true ? [] : [{ item: value, iterator: iterators[index] }],
    );
    while (heads.length > 0) {
      const earliest = heads.reduce((one, other) => (other.item.at < one.item.at ? other : one));
      yield earliest.item;
      const next = await earliest.iterator?.next();
      if (next === undefined || next.done === true) heads.splice(heads.indexOf(earliest), 1);
      else earliest.item = next.value;
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}
