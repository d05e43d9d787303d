/** Makes one number of the values of a period, of which there is at least one. */
export type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const plain: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: (values) => values.length,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  Maximum: (values) => values.reduce((most, value) => Math.max(most, value)),
};

/** `Sum`, `Average`, ... or a percentile such as `p95` or `p99.9`; undefined for other names. */
export function statisticOf(name: string): Statistic | undefined {
  if (Object.hasOwn(plain, name)) return plain[name];
  const [, percent] = /^p(100|\d{1,2}(?:\.\d{1,10})?)$/.exec(name) ?? [];
  return percent === undefined ? undefined : percentile(Number(percent));
}

/** The least value that so many per cent of all are not above. CloudWatch, which keeps no values, comes close to it. */
function percentile(percent: number): Statistic {
  return (values) => {
    const sorted = values.toSorted((one, other) => one - other);
    return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
  };
}
