/** What is measured beside each other. `bare` is a function that does nothing. */
export type Subject = 'bare' | 'relay' | 'peer';

/** One number of one subject in one round. */
export type Sample = (subject: Subject, what: string, value: number) => void;

/** The middle of the rounds, and how far they are apart. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** A line of the table. */
export interface Figure {
  readonly what: string;
  readonly values: Readonly<Partial<Record<Subject, Spread>>>;
  /** The relay's number by the other's in the same round. */
  readonly ratios: Readonly<Partial<Record<'bare' | 'peer', Spread>>>;
}

/** What the figures are called, in the table and for the goals. */
export const figureNames = {
  loaded: 'code loaded, without a runtime client, ms',
  answered: 'first event answered, without a runtime client, ms',
  ready: 'ready, ms',
  firstAnswer: 'first event answered, ms',
  cpuReady: 'CPU until ready, ms',
  cpuFirst: 'CPU of the first event, ms',
  cpuOfWebhook: (bytes: number) => `CPU per webhook of ${bytes / 1_000} KB, ms`,
  cpuOfMessage: (batch: number) => `CPU per message, ${batch} at once, ms`,
  memory: 'peak memory, MB',
  awsCalls: 'calls to AWS per message, 1,000 at once',
  toConnectly: (sends: number) => `connections to Connectly for ${sends} single sends`,
  toAws: (sends: number) => `connections to AWS for ${sends} single sends`,
  bundle: 'bundle, KB',
  settleBundle: 'bundle of settle-send, KB',
} as const;

/** Who begins changes from turn to turn. */
export function inTurn<Name>(names: readonly Name[], turn: number): Name[] {
  const first = turn % names.length;
  return [...names.slice(first), ...names.slice(0, first)];
}

/** Keeps what the rounds give. Each subject gives each of its numbers once in each round. */
export function createSamples() {
  const taken = new Map<string, Partial<Record<Subject, number[]>>>();
  const add: Sample = (subject, what, value) => {
    const of = taken.get(what) ?? {};
    taken.set(what, of);
    (of[subject] ??= []).push(value);
  };
  return {
    add,
    /** In the order in which they first came. */
    figures: (): Figure[] =>
      Array.from(taken, ([what, of]) => ({
        what,
        values: Object.fromEntries(
          Object.entries(of).map(([subject, values]) => [subject, spreadOf(values)]),
        ),
        ratios: {
          ...ratioOf('bare', of.relay, of.bare),
          ...ratioOf('peer', of.relay, of.peer),
        },
      })),
  };
}

/** Round by round, so that what the machine did meanwhile is in both. */
function ratioOf(name: 'bare' | 'peer', ours: readonly number[] = [], theirs: readonly number[] = []) {
  const ratios = ours.flatMap((value, round) => {
    const other = theirs[round];
    return other === undefined || other === 0 ? [] : [value / other];
  });
  return ratios.length === 0 ? {} : { [name]: spreadOf(ratios) };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  const middle = sorted.length / 2;
  return {
    median: sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2,
    low: at(0),
    high: at(sorted.length - 1),
  };
}
