import * as z from 'zod';
import { present } from '../present.ts';
import { quoted, typedOptions } from '../terminal/typed.ts';
import type { NamedFile } from './files.ts';

/** The options that say what is sent and how. A ledger keeps them, so that `--resume` needs none of them again. */
export const givenOptionsSchema = z.strictObject({
  format: z.exactOptional(z.enum(['csv', 'ndjson'])),
  template: z.exactOptional(z.string()),
  language: z.exactOptional(z.string()),
  campaign: z.exactOptional(z.string()),
  ignore: z.exactOptional(z.array(z.string())),
  skipInvalid: z.exactOptional(z.literal(true)),
  rate: z.exactOptional(z.number()),
  failed: z.exactOptional(z.string()),
  from: z.exactOptional(z.string()),
  business: z.exactOptional(z.string()),
  channelType: z.exactOptional(z.string()),
  ifUnclear: z.exactOptional(z.string()),
  expiresIn: z.exactOptional(z.string()),
  expiresAt: z.exactOptional(z.string()),
});

export type GivenOptions = z.infer<typeof givenOptionsSchema>;

export interface BulkOptions extends GivenOptions {
  readonly resume?: true;
  readonly ledger?: string;
  readonly dryRun?: true;
}

/** What a ledger keeps of the options. A run that is gone on with may be typed in another folder. */
export function toRemember(
  { resume: _resume, dryRun: _dryRun, ledger: _ledger, ...given }: BulkOptions,
  failed: NamedFile,
): GivenOptions {
  return { ...given, ...(given.failed !== undefined && { failed: failed.path }) };
}

/** Those of a first run under those of this one. */
export function withRemembered<Options extends GivenOptions>(
  options: Options,
  remembered: GivenOptions,
): Options & GivenOptions {
  const { expiresIn, expiresAt, ...rest } = remembered;
  const expiry = present({ expiresIn, expiresAt });
  // Of the two only one can be given.
  const saysItself = options.expiresIn !== undefined || options.expiresAt !== undefined;
  return { ...rest, ...(saysItself ? {} : expiry), ...options };
}

/** Options of a run that say what is sent and where, as they were parsed. */
type Given = Readonly<Record<string, unknown>>;

export interface NextCommandOptions {
  /** `-` is stdin. */
  readonly file: string;
  readonly options: Given;
  /** Those that name where it is to be queued. */
  readonly place: string;
  /** A ledger that is not there yet. */
  readonly otherLedger: string;
}

/** What to type next, by what it is for. */
export function nextCommands({ file, options, place, otherLedger }: NextCommandOptions) {
  const { resume: _resume, dryRun: _dryRun, ...repeated } = options;
  const { skipInvalid: _skipInvalid, failed: _failed, ledger, ...ofRows } = repeated;
  return {
    /** Queues the rest. The ledger knows the other options. */
    goOn: bulkCommand(file, ['--resume', ...typedOptions({ ledger }), place]),
    /** Queues the same input with other options, beside what was queued of it. */
    beginAnother: bulkCommand(file, [...typedOptions({ ...repeated, ledger: otherLedger }), place]),
    /** Queues the rows that were not, once they are mended: an input of its own. */
    mended: (failedFile: string) => bulkCommand(failedFile, [...typedOptions(ofRows), place]),
  };
}

function bulkCommand(file: string, flags: readonly string[]): string {
  const end = file === '-' ? ['<', 'THE_SAME_INPUT'] : [];
  return ['npx relay bulk', quoted(file), ...flags, ...end].join(' ');
}
