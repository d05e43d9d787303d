import * as z from 'zod';
import { BoundedList } from '../../bounded-list.ts';
import { keyOf, type Measurement, type Metric } from './metric.ts';

/** How many values are kept: of a sender at its full rate, the last minutes; at a desk, all of them. */
const maximumValues = 100_000;

/** CloudWatch's embedded metric format, as far as metrics are read out of it. */
const embeddedSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/** The metrics that functions embed in their log lines: the newest values, as they were measured. */
export class EmbeddedMetrics {
  readonly #values: BoundedList<Measurement & { readonly key: string }>;

  constructor(keptValues = maximumValues) {
    this.#values = new BoundedList({ items: keptValues });
  }

  /** Takes the metrics out of a line; most lines have none. */
  read(line: string): void {
    // Reading JSON takes a hundred times longer than this.
    if (!line.includes('"_aws"')) return;
    for (const { metric, at, value } of valuesIn(line)) this.#values.add({ key: keyOf(metric), at, value });
  }

  *valuesOf(metric: Metric): Generator<Measurement> {
    const wanted = keyOf(metric);
    for (const value of this.#values) if (value.key === wanted) yield value;
  }
}

function* valuesIn(line: string): Generator<Measurement & { metric: Metric }> {
  const embedded = embeddedIn(line);
  if (embedded === undefined) return;
  const { Timestamp: at, CloudWatchMetrics: directives } = embedded['_aws'];
  for (const { Namespace: namespace, Dimensions: sets, Metrics: metrics } of directives) {
    for (const names of sets) {
      const dimensions: Record<string, string> = {};
      for (const name of names) {
        const value = embedded[name];
        if (typeof value === 'string') dimensions[name] = value;
      }
      // CloudWatch wants a text for each.
      if (Object.keys(dimensions).length < names.length) continue;
      for (const { Name: name } of metrics) {
        const value = embedded[name];
        if (typeof value === 'number') yield { metric: { namespace, name, dimensions }, at, value };
      }
    }
  }
}

function embeddedIn(line: string): z.infer<typeof embeddedSchema> | undefined {
  try {
    return embeddedSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
