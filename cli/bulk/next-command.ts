/** Options of a run that say what is sent and where, as they were parsed. */
type Given = Readonly<Record<string, unknown>>;

/** What to type to queue the rest: the same options, so that the same messages are sent. */
export function resumeCommand(file: string, options: Given, targetOptions: string): string {
  const end = file === '-' ? ['<', 'THE_SAME_INPUT'] : [];
  const repeated = flagsOf(options, ['resume', 'dryRun']);
  return ['relay bulk', quoted(file), '--resume', ...repeated, targetOptions, ...end].join(' ');
}

/** What to type for the rows that were not queued, once they are mended: an input of its own. */
export function failedRowsCommand(file: string, options: Given, targetOptions: string): string {
  const repeated = flagsOf(options, ['resume', 'dryRun', 'skipInvalid', 'ledger', 'failed']);
  return ['relay bulk', quoted(file), ...repeated, targetOptions].join(' ');
}

function flagsOf(options: Given, leftOut: readonly string[]): string[] {
  return Object.entries(options)
    .filter(([name]) => !leftOut.includes(name))
    .flatMap(([name, value]) => {
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      if (value === true) return [flag];
      const values: unknown[] = Array.isArray(value) ? value : [value];
      return values.map((each) => `${flag} ${quoted(String(each))}`);
    });
}

/** As a POSIX shell reads it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
