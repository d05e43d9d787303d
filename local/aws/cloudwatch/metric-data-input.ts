import * as z from 'zod/mini';
import { readJson } from '../../read-json.ts';
import { invalidParameterValue, missingParameter } from './errors.ts';
import type { Metric } from './metric.ts';
import { type Statistic, statisticOf } from './statistics.ts';

export interface MetricQuery {
  readonly id: string;
  readonly label: string;
  readonly metric: Metric;
  readonly periodMs: number;
  readonly statistic: Statistic;
}

export interface MetricDataRequest {
  /** Without those whose data is not wanted. */
  readonly queries: readonly MetricQuery[];
  /** Epoch milliseconds; the end does not count. */
  readonly start: number;
  readonly end: number;
  readonly newestFirst: boolean;
}

const minuteMs = 60_000;
const text = z.string().check(z.minLength(1));
const notEmulated = z.optional(z.never('is not emulated'));

const querySchema = z.object({
  Id: text.check(z.regex(/^[a-z]\w{0,254}$/, 'must be a small letter, then letters, digits and underscores')),
  Expression: notEmulated,
  AccountId: notEmulated,
  Label: z.optional(text),
  ReturnData: z.optional(z.boolean()),
  MetricStat: z.object({
    Metric: z.object({
      Namespace: text,
      MetricName: text,
      Dimensions: z.optional(z.array(z.object({ Name: text, Value: text }))),
    }),
    Stat: text,
    // Log lines and SQS make metrics of standard resolution.
    Period: z.int().check(z.gte(60), z.multipleOf(60, 'must be a multiple of 60 seconds')),
    Unit: notEmulated,
  }),
});

const inputSchema = z.object({
  NextToken: notEmulated,
  MaxDatapoints: notEmulated,
  LabelOptions: notEmulated,
  /** In seconds, as the JSON protocol has times. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.prefault(z.enum(['TimestampDescending', 'TimestampAscending']), 'TimestampDescending'),
  MetricDataQueries: z.array(querySchema).check(z.minLength(1), z.maxLength(500)),
});

/** Reads GetMetricData's input. Throws for what AWS refuses, and for what is not emulated: expressions, units and pages. */
export function readMetricDataInput(json: unknown): MetricDataRequest {
  const input = readJson(inputSchema, json, ({ field, text: problem, kind }) =>
    kind === 'missing' ? missingParameter(field) : invalidParameterValue(`${field} ${problem}.`),
  );
  const [start, end] = [input.StartTime * 1_000, input.EndTime * 1_000];
  if (end <= start)
    throw invalidParameterValue('The parameter StartTime must be less than the parameter EndTime.');
  const queries = input.MetricDataQueries;
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    throw invalidParameterValue('The values for parameter id in MetricDataQueries are not unique.');
  return {
    queries: queries.filter(({ ReturnData }) => ReturnData !== false).map(describe),
    // As CloudWatch does for what is less than 15 days old.
    start: Math.floor(start / minuteMs) * minuteMs,
    end,
    newestFirst: input.ScanBy === 'TimestampDescending',
  };
}

function describe({ Id, Label, MetricStat }: z.infer<typeof querySchema>): MetricQuery {
  const { Namespace, MetricName, Dimensions = [] } = MetricStat.Metric;
  const statistic = statisticOf(MetricStat.Stat);
  if (statistic === undefined) throw invalidParameterValue(`The Stat ${MetricStat.Stat} is not emulated.`);
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return {
    id: Id,
    label: Label ?? MetricName,
    metric: { namespace: Namespace, name: MetricName, dimensions },
    periodMs: MetricStat.Period * 1_000,
    statistic,
  };
}
