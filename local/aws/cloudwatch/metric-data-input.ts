import { invalidParameterValue, missingParameter } from './errors.ts';
import type { Metric } from './metric.ts';
import { type Statistic, statisticOf } from './statistics.ts';

/** One call's JSON object, as it came from outside: nothing in it has been checked. */
type Input = Readonly<Record<string, unknown>>;

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

const maximumQueries = 500;
const minuteMs = 60_000;

/** Reads GetMetricData's input. Throws for what AWS refuses, and for what is not emulated: expressions, units and pages. */
export function readMetricDataInput(input: Input): MetricDataRequest {
  refuse(input, ['NextToken', 'MaxDatapoints', 'LabelOptions']);
  const start = time(input, 'StartTime');
  const end = time(input, 'EndTime');
  if (end <= start)
    throw invalidParameterValue('The parameter StartTime must be less than the parameter EndTime.');
  const scanBy = input['ScanBy'] ?? 'TimestampDescending';
  if (scanBy !== 'TimestampDescending' && scanBy !== 'TimestampAscending')
    throw invalidParameterValue('ScanBy is TimestampDescending or TimestampAscending.');
  const given = input['MetricDataQueries'];
  if (!Array.isArray(given) || given.length === 0) throw missingParameter('MetricDataQueries');
  if (given.length > maximumQueries)
    throw invalidParameterValue(`There can be ${maximumQueries} MetricDataQueries at most.`);
  const queries = given.map((each) => readQuery(structure(each, 'MetricDataQueries')));
  if (new Set(queries.map(({ id }) => id)).size < queries.length)
    throw invalidParameterValue('The values for parameter id in MetricDataQueries are not unique.');
  return {
    queries: queries.filter(({ isWanted }) => isWanted),
    // As CloudWatch does for what is less than 15 days old.
    start: Math.floor(start / minuteMs) * minuteMs,
    end,
    newestFirst: scanBy === 'TimestampDescending',
  };
}

function readQuery(query: Input): MetricQuery & { isWanted: boolean } {
  const id = text(query, 'Id');
  if (!/^[a-z]\w{0,254}$/.test(id))
    throw invalidParameterValue(
      `The Id ${id} has to be a small letter, then letters, digits and underscores.`,
    );
  refuse(query, ['Expression', 'AccountId']);
  const stat = structure(query['MetricStat'], 'MetricStat');
  refuse(stat, ['Unit']);
  const metric = readMetric(structure(stat['Metric'], 'Metric'));
  const statistic = statisticOf(text(stat, 'Stat'));
  if (statistic === undefined) throw invalidParameterValue(`The Stat ${text(stat, 'Stat')} is not emulated.`);
  const period = stat['Period'];
  // Log lines and SQS make metrics of standard resolution.
  if (typeof period !== 'number' || !Number.isInteger(period) || period < 60 || period % 60 !== 0)
    throw invalidParameterValue('Period has to be a multiple of 60 seconds.');
  const label = query['Label'] === undefined ? metric.name : text(query, 'Label');
  const isWanted = query['ReturnData'] !== false;
  return { id, label, metric, periodMs: period * 1_000, statistic, isWanted };
}

function readMetric(metric: Input): Metric {
  const given = metric['Dimensions'] ?? [];
  if (!Array.isArray(given)) throw invalidParameterValue('Dimensions has to be a list.');
  const dimensions = given.map((each) => {
    const dimension = structure(each, 'Dimensions');
    return [text(dimension, 'Name'), text(dimension, 'Value')];
  });
  return {
    namespace: text(metric, 'Namespace'),
    name: text(metric, 'MetricName'),
    dimensions: Object.fromEntries(dimensions),
  };
}

function refuse(input: Input, fields: readonly string[]): void {
  for (const field of fields)
    if (input[field] !== undefined) throw invalidParameterValue(`${field} is not emulated.`);
}

function structure(value: unknown, field: string): Input {
  if (value === undefined || value === null) throw missingParameter(field);
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalidParameterValue(`${field} has to be a structure.`);
  return { ...value };
}

function text(input: Input, field: string): string {
  const value = input[field];
  if (value === undefined || value === '') throw missingParameter(field);
  if (typeof value !== 'string') throw invalidParameterValue(`${field} has to be a string.`);
  return value;
}

/** In epoch milliseconds, of what the JSON protocol has in seconds. */
function time(input: Input, field: string): number {
  const value = input[field];
  if (value === undefined) throw missingParameter(field);
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalidParameterValue(`${field} has to be a time.`);
  return value * 1_000;
}
