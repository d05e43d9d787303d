import { parseArgs } from 'node:util';
import { type Month, ordinaryMonth } from './model.ts';

const options = {
  messages: { of: 'messages', says: 'messages sent in the month' },
  statuses: { of: 'statuses', says: 'delivery statuses for each of them' },
  inbound: { of: 'inbound', says: 'messages from customers in the month' },
  batch: { of: 'batch', says: 'messages that arrive at once; 1000 for bulk' },
  'active-hours': { of: 'activeHours', says: 'hours of the month with any traffic' },
  'answer-ms': { of: 'answerMs', says: "Connectly's time to answer, in milliseconds" },
  'memory-mb': {
    of: 'functionMemoryMb',
    says: 'memory of each function, in place of what serverless.yml says',
  },
} as const satisfies Record<string, { readonly of: keyof Month; readonly says: string }>;

export const usage = `Usage: npm run cost [-- <options>]

${Object.entries(options)
  .map(([name, { of, says }]) => `  --${name.padEnd(14)} ${says}${usually(ordinaryMonth[of])}`)
  .join('\n')}
  --json           everything, the quantities too, as JSON
`;

function usually(value: number | undefined): string {
  return value === undefined ? '' : ` (${value})`;
}

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly month: Month;
}

/** Throws, in words for people, when the arguments make no sense. */
export function readOptions(arguments_: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean' },
      ...Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' as const }])),
    },
  });
  return {
    help: values.help === true,
    json: values.json === true,
    month: { ...ordinaryMonth, ...given(values) },
  };
}

function given(values: Readonly<Record<string, unknown>>): Partial<Month> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, { of }]) => {
      const value = values[name];
      if (value === undefined) return [];
      const number = typeof value === 'string' ? Number(value) : Number.NaN;
      const least = of === 'batch' || of === 'functionMemoryMb' ? 1 : 0;
      if (value === '' || !Number.isFinite(number) || number < least)
        throw new RangeError(`--${name} takes a number of at least ${least}, not ${JSON.stringify(value)}.`);
      return [[of, number]];
    }),
  );
}
