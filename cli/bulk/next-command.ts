import { quoted, typedOptions } from '../terminal/typed.ts';

/** Options of a run that say what is sent and where, as they were parsed. */
type Given = Readonly<Record<string, unknown>>;

export interface NextCommandOptions {
  /** `-` is stdin. */
  readonly file: string;
  readonly options: Given;
  /** Those that name where it is to be queued. */
  readonly place: string;
}

/** What to type to queue the rest. The ledger knows the other options. */
export function resumeCommand({ file, options, place }: NextCommandOptions): string {
  const { ledger } = options;
  return bulkCommand(file, ['--resume', ...typedOptions({ ledger }), place]);
}

/** What to type for the rows that were not queued, once they are mended: an input of its own. */
export function failedRowsCommand({ file, options, place }: NextCommandOptions): string {
  const {
    resume: _resume,
    dryRun: _dryRun,
    skipInvalid: _skipInvalid,
    ledger: _ledger,
    failed: _failed,
    ...repeated
  } = options;
  return bulkCommand(file, [...typedOptions(repeated), place]);
}

/** What to type to queue the same input with other options, beside what was queued of it. */
export function otherLedgerCommand({
  file,
  options,
  place,
  ledger,
}: NextCommandOptions & { ledger: string }): string {
  const { resume: _resume, dryRun: _dryRun, ...repeated } = options;
  return bulkCommand(file, [...typedOptions({ ...repeated, ledger }), place]);
}

function bulkCommand(file: string, flags: readonly string[]): string {
  const end = file === '-' ? ['<', 'THE_SAME_INPUT'] : [];
  return ['npx relay bulk', quoted(file), ...flags, ...end].join(' ');
}
