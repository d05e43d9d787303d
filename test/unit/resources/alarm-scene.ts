import { compileFunction } from 'node:vm';
import { alarmsOf } from '../../../resources/alarms.ts';

type Alarm = ReturnType<typeof alarmsOf>[number];

/** One value of a metric that an alarm watches, by the name that its expression knows it by. */
export interface Sample {
  readonly term: string;
  readonly atSeconds: number;
  readonly value: number;
}

export function alarmNamed(name: string): Alarm {
  const alarm = alarmsOf('prod').find((each) => each.name === name);
  if (alarm === undefined) throw new Error(`There is no alarm ${name}.`);
  return alarm;
}

/** What expressions are made of, as CloudWatch reckons. */
const functions = {
  FILL: (value: number | undefined, filler: number) => value ?? filler,
  IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
  SUM: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values: readonly number[]) => Math.max(...values),
};

/** What an alarm's expression comes to in one period; undefined where a value is missing. */
export function valueOf(alarm: Alarm, terms: Readonly<Record<string, number | undefined>>): unknown {
  const { watches } = alarm;
  if (!('expression' in watches)) throw new Error(`${alarm.name} has no expression.`);
  const names = Object.keys(watches.terms);
  // The syntax is JavaScript's, too.
  const compute = compileFunction(`return ${watches.expression}`, [...Object.keys(functions), ...names]);
  const value: unknown = compute(...Object.values(functions), ...names.map((name) => terms[name]));
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
  const terms = 'terms' in watches ? Object.entries(watches.terms) : [];
  return Object.fromEntries(
    terms.map(([term, { statistic }]) => {
      const values = samples.filter((sample) => sample.term === term).map(({ value }) => value);
      const sum = values.reduce((total, value) => total + value, 0);
      return [term, values.length === 0 ? undefined : statistic === 'Sum' ? sum : Math.max(...values)];
    }),
  );
}

/** The terms of an alarm that count an error code of attempts, or of another namespace, by that code. */
export function termsByCode(
  { watches }: Alarm,
  namespace: string = 'connectly-relay/attempt',
): Map<string, string> {
  const terms = 'terms' in watches ? Object.entries(watches.terms) : [];
  return new Map(
    terms
      .filter(([, { measure }]) => measure.namespace === namespace)
      .map(([term, { measure }]) => [measure.dimensions['code'] ?? '', term]),
  );
}
