import type { Command, Option } from 'commander';

/** What can follow at one place of the command line. */
export interface Place {
  /** The commands so far, each with a space before it: ` webhook register`; empty for `relay` itself. */
  readonly path: string;
  readonly words: readonly Word[];
  /** Options with a closed list of values. */
  readonly choices: readonly { readonly option: string; readonly values: readonly string[] }[];
  /** Options with any other value. */
  readonly valued: readonly string[];
}

export interface Word {
  readonly word: string;
  readonly meaning: string;
}

/** Every place of a command line, from commander's own definitions. */
export function placesOf(program: Command): Place[] {
  return placesBelow(program, '', program.options);
}

function placesBelow(command: Command, path: string, globals: readonly Option[]): Place[] {
  const options = path === '' ? globals : [...command.options, ...globals];
  const withValue = options.filter((option) => option.required || option.optional);
  const place: Place = {
    path,
    words: [
      ...command.commands.map((each) => ({ word: each.name(), meaning: each.description() })),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
        argChoices.map((word) => ({ word, meaning: '' })),
      ),
      ...options.map((option) => ({ word: option.long ?? '', meaning: option.description })),
      { word: '--help', meaning: 'show help' },
    ],
    choices: withValue.flatMap(({ long, argChoices }) =>
      long !== undefined && argChoices !== undefined ? [{ option: long, values: argChoices }] : [],
    ),
    valued: withValue.flatMap(({ long, argChoices }) =>
      long !== undefined && argChoices === undefined ? [long] : [],
    ),
  };
  return [place].concat(
    command.commands.flatMap((each) => placesBelow(each, `${path} ${each.name()}`, globals)),
  );
}
