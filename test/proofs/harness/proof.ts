import type { Figure } from './figures.ts';
import type { Change } from './planted-changes.ts';

/** What the table says of a proof without running it. */
export interface ProofEntry {
  /** Its folder, and what is typed after `npm run prove --`. */
  readonly name: string;
  /** What it does and what must hold, as cells of a table in Markdown. */
  readonly does: string;
  readonly holds: string;
  /** Which functions or folders it drives. */
  readonly drives: string;
  /** How much of what, by the option's name. */
  readonly counts: Readonly<Record<string, Count>>;
  /** Whether it draws random numbers; true unless given. */
  readonly isRandom?: boolean;
  /** Why `--all` leaves it out; it is part of `--all` unless given. */
  readonly alone?: string;
  /** What the last run of the full counts has shown. */
  readonly figures?: { readonly seeds: string; readonly found: string };
  load(): Promise<Proof>;
}

export interface Count {
  /** Of what or where, as it is said after the number and the option's name. */
  readonly meaning: string;
  readonly full: number;
  readonly ci: number;
  /** Enough for every planted defect to show; as in CI unless given. */
  readonly planted?: number;
  /** 1 unless given: a run of nothing proves nothing. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The program of a proof. */
export interface Proof<Counted extends string = string, Part extends string = string> {
  /** What can be picked out of the whole, by an option of this name; all of it unless told otherwise. */
  readonly parts?: { readonly option: string; readonly values: readonly Part[] };
  /** Options with a value of another form, or flags. */
  readonly others?: Readonly<Record<string, OtherOption>>;
  /** Runs the code as it ships, one run after the other. Absent where planting defects is all there is. */
  runs?(options: RunOptions<Counted, Part>): AsyncIterable<Run>;
  readonly defects: readonly Defect<Part>[];
  /** Runs the code with a defect, or with none for a control. Resolves to what was missed, a line each. */
  plant?(defect: Defect<Part>, options: PlantOptions<Counted>): Promise<readonly string[]>;
}

export interface OtherOption {
  readonly meaning: string;
  /** What its values look like, for the reader and as a rule; a flag has none. */
  readonly value?: { readonly form: string; readonly pattern: RegExp };
}

export interface RunOptions<Counted extends string = string, Part extends string = string> {
  readonly counts: Readonly<Record<Counted, number>>;
  /** All of them unless some were chosen. */
  readonly parts: readonly Part[];
  /** A fixed and a random one unless given; none where nothing is random. */
  readonly seeds: readonly number[];
  /** What was given for options of another form; of a flag, an empty text. */
  readonly others: ReadonlyMap<string, string>;
  /** A path. */
  readonly projectRoot: string;
}

export interface PlantOptions<Counted extends string = string>
  extends Pick<RunOptions<Counted>, 'counts' | 'projectRoot'> {
  readonly seed: number;
}

/** What one run has shown. */
export interface Run {
  /** Which part and seed it was. */
  readonly where: string;
  readonly figures: readonly Figure[];
  /** What else a reader wants to know, a line each. */
  readonly details: readonly string[];
  /** All that was counted, for `--json`. */
  readonly report: unknown;
}

/** A defect that the proof must notice; or a control, in which nothing is changed and every figure must be met. */
export interface Defect<Part extends string = string> {
  readonly name: string;
  /** The part of the proof that must notice it; the whole unless given. */
  readonly where?: Part;
  /** What is planted in the sources; absent where the proof plants something else, which it knows by the name. */
  readonly changes?: readonly Change[];
  /** What one of the misses must say: one for another reason would prove nothing. */
  readonly shows?: string;
}
