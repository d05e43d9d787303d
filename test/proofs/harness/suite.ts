import { randomInt } from 'node:crypto';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A program of the proof, and what it can be told. */
export interface Suite<Count extends string = string, Choice extends string = string> {
  /** Its name among the scripts in package.json. */
  readonly script: string;
  /** What it does and when it ends with 1, in lines that fit a terminal. */
  readonly purpose: string;
  /** How much of what, by the option's name. */
  readonly counts: Readonly<Record<Count, CountOption>>;
  /** What can be picked out of the whole; all of it unless told otherwise. */
  readonly choice?: ChoiceOption<Choice>;
  /** Options with a value of another form. */
  readonly others?: Readonly<Record<string, OtherOption>>;
  /** Whether it draws random numbers; true unless given. */
  readonly isRandom?: boolean;
}

export interface CountOption {
  readonly meaning: string;
  readonly usual: number;
  /** Enough for every planted defect to show; `usual` unless given. */
  readonly planted?: number;
  /** 1 unless given: a run of nothing proves nothing. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface OtherOption {
  /** What its values look like, for the reader and as a rule. */
  readonly takes: string;
  readonly pattern: RegExp;
  readonly meaning: string;
}

export interface ChoiceOption<Choice extends string> {
  /** The option's name. */
  readonly name: string;
  readonly values: readonly Choice[];
}

export interface SuiteOptions<Count extends string = string, Choice extends string = string> {
  readonly counts: Readonly<Record<Count, number>>;
  readonly chosen: readonly Choice[];
  /** A fixed and a random one unless given; none where nothing is random. */
  readonly seeds: readonly number[];
  /** Whether to run against planted defects instead. */
  readonly planted: boolean;
  /** Whether the figures are printed as one JSON value. */
  readonly json: boolean;
  /** What was given for options of another form. */
  readonly others: ReadonlyMap<string, string>;
}

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

const highest = 2 ** 32 - 1;

/** Throws an Error in plain words for options that make no sense; undefined when help is asked for. */
export function readSuiteOptions<Count extends string, Choice extends string>(
  suite: Suite<Count, Choice>,
  programArguments: readonly string[],
): SuiteOptions<Count, Choice> | undefined {
  const { choice, isRandom = true } = suite;
  const given = givenOptions(suite, programArguments);
  if (given.has('help')) return undefined;
  const last = (name: string) => given.get(name)?.at(-1);
  const planted = given.has('planted');
  const counts = mapCounts(suite, (name, option) => {
    const { usual, atLeast = 1, atMost = highest } = option;
    const text = last(name);
    if (text !== undefined) return wholeNumber({ name, text, atLeast, atMost });
    return planted ? (option.planted ?? usual) : usual;
  });
  const seeds = given
    .get('seed')
    ?.map((text) => wholeNumber({ name: 'seed', text, atLeast: 0, atMost: highest }));
  const others = new Map<string, string>();
  for (const [name, { takes, pattern }] of Object.entries(suite.others ?? {})) {
    const text = last(name);
    if (text === undefined) continue;
    if (!pattern.test(text)) throw new Error(`--${name} takes ${takes}, not "${text}"`);
    others.set(name, text);
  }
  return {
    counts,
    chosen: choice === undefined ? [] : chosenOf(choice, given.get(choice.name)),
    seeds: isRandom ? (seeds ?? [fixedSeed, randomInt(2 ** 32)]) : [],
    planted,
    json: given.has('json'),
    others,
  };
}

export function usageOf(suite: Suite): string {
  const { script, purpose, counts, choice, others = {}, isRandom = true } = suite;
  const lines: (readonly [option: string, meaning: string])[] = [
    ...Object.entries(counts).map(([name, { meaning, usual, planted }]) => {
      const forPlanted = planted === undefined ? '' : `; with --planted ${planted}`;
      return [`--${name} <number>`, `${meaning} (default ${usual}${forPlanted})`] as const;
    }),
    ...Object.entries(others).map(([name, { takes, meaning }]) => [`--${name} ${takes}`, meaning] as const),
    ...(choice === undefined
      ? []
      : [[`--${choice.name} <name>`, 'one instead of all; may be repeated'] as const]),
    ...(isRandom
      ? [['--seed <number>', 'instead of a fixed and a random one; may be repeated'] as const]
      : []),
    ['--planted', 'plants defects instead, and ends with 1 when one is not noticed'],
    ['--json', 'the figures as JSON'],
    ['--help', 'this text'],
  ];
  const width = Math.max(...lines.map(([option]) => option.length));
  const values = choice === undefined ? '' : `\n--${choice.name} takes: ${choice.values.join(', ')}\n`;
  const table = lines.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}\n`).join('');
  return `Usage: npm run ${script} -- [options]\n\n${purpose.trim()}\n\n${table}${values}`;
}

/**
 * Runs a suite as a program: reads the command line, says the seeds before anything can go wrong, since without them a
 * run cannot be repeated, and ends with 0 when `run` resolves to true, with 1 otherwise, with 2 for a wrong option.
 */
export async function runSuite<Count extends string, Choice extends string>(
  suite: Suite<Count, Choice>,
  run: (options: SuiteOptions<Count, Choice>) => Promise<boolean>,
): Promise<void> {
  let options: SuiteOptions<Count, Choice> | undefined;
  try {
    options = readSuiteOptions(suite, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usageOf(suite)}`);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) {
    process.stdout.write(usageOf(suite));
    return;
  }
  if (options.seeds.length > 0) process.stderr.write(`seeds: ${options.seeds.join(', ')}\n`);
  process.exitCode = (await run(options)) ? 0 : 1;
}

/** The values given for each option; of a flag, none. */
function givenOptions(
  suite: Suite,
  programArguments: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const { counts, choice, others = {}, isRandom = true } = suite;
  const withValue = [
    ...Object.keys(counts),
    ...Object.keys(others),
    ...(choice === undefined ? [] : [choice.name]),
    ...(isRandom ? ['seed'] : []),
  ];
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries([
    ...withValue.map((name) => [name, { type: 'string', multiple: true }] as const),
    ...['planted', 'json', 'help'].map((name) => [name, { type: 'boolean' }] as const),
  ]);
  const { values } = parseArgs({ args: [...programArguments], options });
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      [value ?? []].flat().filter((each) => typeof each === 'string'),
    ]),
  );
}

function mapCounts<Count extends string>(
  suite: Suite<Count>,
  read: (name: string, option: CountOption) => number,
): Record<Count, number>;
function mapCounts({ counts }: Suite, read: (name: string, option: CountOption) => number) {
  return Object.fromEntries(Object.entries(counts).map(([name, option]) => [name, read(name, option)]));
}

function chosenOf<Choice extends string>(
  { name, values }: ChoiceOption<Choice>,
  given: readonly string[] = values,
): readonly Choice[] {
  const unknown = given.find((text) => !values.some((value) => value === text));
  if (unknown !== undefined) throw new Error(`--${name} takes ${values.join(', ')}, not "${unknown}"`);
  return values.filter((value) => given.includes(value));
}

interface NumberText {
  readonly name: string;
  readonly text: string;
  readonly atLeast: number;
  readonly atMost: number;
}

function wholeNumber({ name, text, atLeast, atMost }: NumberText): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= atLeast && value <= atMost) return value;
  throw new Error(`--${name} takes a whole number from ${atLeast} to ${atMost}, not "${text}"`);
}
