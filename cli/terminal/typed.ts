/** Options as they are typed, from what they were parsed into; those that were not given, or are false, are left out. */
export function typedOptions(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.map((each) => `${flag} ${quoted(String(each))}`);
  });
}

/** As a POSIX shell reads it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
