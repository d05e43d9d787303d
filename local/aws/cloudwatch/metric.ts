/** A metric's name: the same name with other dimensions is another metric. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One measured value. `at` is in epoch milliseconds. */
export interface Measurement {
  readonly at: number;
  readonly value: number;
}

/** Equal for equal metrics, whatever the order of their dimensions. */
export function keyOf({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}
