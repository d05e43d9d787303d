import { parseArgs } from 'node:util';

export const usage = `Usage: npm run bench [-- <options>]

Measures the built functions beside what people would otherwise write (bench/peers), on the Node.js that Lambda runs.

  --rounds <number>  rounds, of one or two minutes each (7)
  --json             everything as JSON
  --write            writes docs/performance.md
  --help             shows this
`;

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly write: boolean;
  readonly rounds: number;
}

/** Throws, in words for people, when the arguments make no sense. */
export function readOptions(arguments_: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      rounds: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new RangeError(
      `--rounds takes a whole number of at least 1, not ${JSON.stringify(values.rounds)}.`,
    );
  return { ...values, rounds };
}
