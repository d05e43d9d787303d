import { randomInt } from 'node:crypto';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Count, Proof, ProofEntry, RunOptions } from './proof.ts';

export interface ProveOptions extends RunOptions {
  /** Whether to plant defects instead, and only those whose names have this text. */
  readonly planted: boolean;
  readonly defect: string;
  /** Whether the figures are printed as one JSON value. */
  readonly json: boolean;
}

/** An option that makes no sense, in plain words. */
export class UsageError extends Error {}

/** The one seed of every run; the other one is new each time. */
export const fixedSeed = 20_261_122;

const highest = 2 ** 32 - 1;
const flags = ['ci', 'planted', 'json', 'help'];

/** Throws a UsageError for options that make no sense; undefined when help is asked for. */
export function readOptions(
  entry: ProofEntry,
  proof: Proof,
  programArguments: readonly string[],
  projectRoot: string,
): ProveOptions | undefined {
  const given = givenOptions(entry, proof, programArguments);
  if (given.has('help')) return undefined;
  const last = (name: string) => given.get(name)?.at(-1);
  const planted = given.has('planted') || proof.runs === undefined;
  const size = planted ? plantedCount : given.has('ci') ? ciCount : fullCount;
  const counts = Object.entries(entry.counts).map(([name, count]) => {
    const { atLeast = 1, atMost = highest } = count;
    const text = last(name);
    return [name, text === undefined ? size(count) : wholeNumber({ name, text, atLeast, atMost })] as const;
  });
  const others = new Map<string, string>();
  for (const [name, { value }] of Object.entries(proof.others ?? {})) {
    if (!given.has(name)) continue;
    const text = last(name) ?? '';
    if (value !== undefined && !value.pattern.test(text))
      throw new UsageError(`--${name} takes ${value.form}, not "${text}"`);
    others.set(name, text);
  }
  return {
    counts: Object.fromEntries(counts),
    parts: chosenParts(proof, given),
    seeds: entry.isRandom === false ? [] : seedsOf(given.get('seed')),
    others,
    projectRoot,
    planted,
    defect: last('defect') ?? '',
    json: given.has('json'),
  };
}

const fullCount = ({ full }: Count) => full;
const ciCount = ({ ci }: Count) => ci;
/** How much is run for each planted defect. */
export const plantedCount = ({ ci, planted = ci }: Count): number => planted;

export function usageOf(entry: ProofEntry, proof: Proof): string {
  const { name, does, holds, counts, isRandom = true } = entry;
  const { parts, others = {}, defects } = proof;
  const lines: (readonly [option: string, meaning: string])[] = [
    ...Object.entries(counts).map(([option, count]) => {
      const { meaning, full, ci } = count;
      const sizes = `${full}; with --ci ${ci}; with --planted ${plantedCount(count)}`;
      return [`--${option} <number>`, `${meaning} (default ${sizes})`] as const;
    }),
    ...Object.entries(others).map(
      ([option, { value, meaning }]) =>
        [value === undefined ? `--${option}` : `--${option} ${value.form}`, meaning] as const,
    ),
    ...(parts === undefined
      ? []
      : [[`--${parts.option} <name>`, `one of ${parts.values.join(', ')}; may be repeated`] as const]),
    ...(isRandom
      ? [['--seed <number>', 'instead of a fixed and a random one; may be repeated'] as const]
      : []),
    ['--ci', 'the counts of CI'],
    ...(defects.length === 0
      ? []
      : ([
          ['--planted', `plants its ${defects.length} defects, and ends with 1 when one is not noticed`],
          ['--defect <words>', 'plants only the defects that have these words in their names'],
        ] as const)),
    ['--json', 'the figures as JSON'],
    ['--help', 'this text'],
  ];
  const width = Math.max(...lines.map(([option]) => option.length));
  const table = lines.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}\n`).join('');
  return `Usage: npm run prove -- ${name} [options]\n\n${does}.\n\nWhat must hold, or it ends with 1: ${holds}.\n\n${table}`;
}

/** The values given for each option; of a flag, none. */
function givenOptions(
  { counts, isRandom = true }: ProofEntry,
  { parts, others = {} }: Proof,
  programArguments: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const withValue = [
    ...Object.keys(counts),
    ...Object.keys(others).filter((name) => others[name]?.value !== undefined),
    ...(parts === undefined ? [] : [parts.option]),
    ...(isRandom ? ['seed'] : []),
    'defect',
  ];
  const withoutValue = [...flags, ...Object.keys(others).filter((name) => others[name]?.value === undefined)];
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries([
    ...withValue.map((name) => [name, { type: 'string', multiple: true }] as const),
    ...withoutValue.map((name) => [name, { type: 'boolean' }] as const),
  ]);
  const { values } = parse(programArguments, options);
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      [value ?? []].flat().filter((each) => typeof each === 'string'),
    ]),
  );
}

function parse(programArguments: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...programArguments], options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function chosenParts({ parts }: Proof, given: ReadonlyMap<string, readonly string[]>): readonly string[] {
  if (parts === undefined) return [];
  const { option, values } = parts;
  const chosen = given.get(option) ?? values;
  const unknown = chosen.find((text) => !values.includes(text));
  if (unknown !== undefined) throw new UsageError(`--${option} takes ${values.join(', ')}, not "${unknown}"`);
  return values.filter((value) => chosen.includes(value));
}

function seedsOf(given: readonly string[] | undefined): readonly number[] {
  return (
    given?.map((text) => wholeNumber({ name: 'seed', text, atLeast: 0, atMost: highest })) ?? [
      fixedSeed,
      randomInt(2 ** 32),
    ]
  );
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
  throw new UsageError(`--${name} takes a whole number from ${atLeast} to ${atMost}, not "${text}"`);
}
