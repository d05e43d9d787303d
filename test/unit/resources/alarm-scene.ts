import { compileFunction } from 'node:vm';
import { troubles } from '../../../lib/delivery/troubles.ts';
import type { LogFields } from '../../../lib/log-fields.ts';
import { metricDirectives } from '../../../lib/metrics.ts';
import { type Alarm, alarmsOf } from '../../../resources/alarms.ts';

/** One value of a metric that an alarm watches, by the name that its expression knows it by; `value` where there is one alone. */
export interface Sample {
  readonly term: string;
  readonly atSeconds: number;
  readonly value: number;
}

/** Prod with every alarm, those included that are off by default. */
export const watchedProd = { stage: 'prod', accessLog: true, webhooksPerHour: 50_000, sendsPerHour: 5_000 };

export function alarmNamed(name: string): Alarm {
  const alarm = alarmsOf(watchedProd).find((each) => each.name === name);
  if (alarm === undefined) throw new Error(`There is no alarm ${name}.`);
  return alarm;
}

/**
 * What CloudWatch's FILL gives for a metric that has never been written: zeros as elsewhere, or nothing at all. Nobody
 * knows, so alarms must be right under both.
 */
export type Reading = 'filled' | 'nothing';

/** What expressions are made of, as CloudWatch reckons. */
const functions = {
  IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
  SUM: (values: readonly (number | undefined)[]) =>
    values.reduce<number>((sum, value) => sum + (value || 0), 0),
  MAX: (values: readonly (number | undefined)[]) => Math.max(...values.map((value) => value ?? -Infinity)),
};

/** What an alarm comes to in one period; undefined where a value is missing. */
export function valueOf(
  alarm: Alarm,
  terms: Readonly<Record<string, number | undefined>>,
  reading: Reading = 'filled',
): unknown {
  const { watches } = alarm;
  if (!('expression' in watches)) return terms['value'];
  const names = Object.keys(watches.terms);
  const FILL = (value: number | undefined, filler: number) =>
    value ?? (reading === 'filled' ? filler : undefined);
  // The syntax is JavaScript's, too.
  const compute = compileFunction(`return ${watches.expression}`, [
    'FILL',
    ...Object.keys(functions),
    ...names,
  ]);
  const value: unknown = compute(FILL, ...Object.values(functions), ...names.map((name) => terms[name]));
  return Number.isNaN(value) ? undefined : value;
}

/**
 * The minutes up to the last in which an alarm rings. Its periods end with the minute (`sliding`) or with the clock's own
 * (`aligned`), because AWS promises neither.
 */
export function ringing(
  alarm: Alarm,
  samples: readonly Sample[],
  { untilMinute, periods }: { untilMinute: number; periods: 'sliding' | 'aligned' },
): number[] {
  const { periodSeconds, of, datapoints, above } = alarm;
  const isBreaching = (endSeconds: number) => {
    const inside = samples.filter(
      ({ atSeconds }) => atSeconds >= endSeconds - periodSeconds && atSeconds < endSeconds,
    );
    const value = valueOf(alarm, aggregated(alarm, inside));
    return typeof value === 'number' && value > above;
  };
  return Array.from({ length: untilMinute + 1 }, (_, minute) => minute).filter((minute) => {
    const newest =
      periods === 'sliding' ? minute * 60 : Math.ceil((minute * 60) / periodSeconds) * periodSeconds;
    const ends = Array.from({ length: of }, (_, index) => newest - index * periodSeconds);
    return ends.filter(isBreaching).length >= datapoints;
  });
}

function aggregated({ watches }: Alarm, samples: readonly Sample[]): Record<string, number | undefined> {
  const terms = 'terms' in watches ? Object.entries(watches.terms) : [['value', watches] as const];
  return Object.fromEntries(
    terms.map(([term, { statistic }]) => {
      const values = samples.filter((sample) => sample.term === term).map(({ value }) => value);
      const sum = values.reduce((total, value) => total + value, 0);
      return [term, values.length === 0 ? undefined : statistic === 'Sum' ? sum : Math.max(...values)];
    }),
  );
}

/** Whether a line of the log counts in the one metric that an alarm watches, or under one name in its expression. */
export function isCountedBy({ watches }: Alarm, event: string, fields: LogFields, term?: string): boolean {
  const watched = 'measure' in watches ? watches : watches.terms[term ?? ''];
  const namespace = watched?.measure.namespace ?? '';
  const line = { stage: 'prod', ...fields };
  return JSON.stringify(metricDirectives(event, line, 0, troubles(event, line)) ?? {}).includes(
    `"${namespace}"`,
  );
}
