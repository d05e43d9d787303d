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

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** The script for a shell: all words are in it, so that completing starts no process. */
export function completionScript(shell: Shell, places: readonly Place[]): string {
  return { bash, zsh, fish }[shell](places);
}

function bash(places: readonly Place[]): string {
  return `# bash completion for relay: source <(npx relay completion bash)
_relay() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} place='' list='' value='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
${follow(places)}
  done
  case "$place $previous" in
${cases(places)}
  esac
  COMPREPLY=($(compgen -W "$list" -- "$current"))
}
complete -o default -F _relay relay
`;
}

function zsh(places: readonly Place[]): string {
  return `# zsh completion for relay, after compinit: source <(npx relay completion zsh)
_relay() {
  local previous=\${words[CURRENT-1]} place='' list='' value='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
${follow(places)}
  done
  case "$place $previous" in
${cases(places)}
  esac
  if [[ -n $list ]]; then compadd -- \${=list}; else _files; fi
}
compdef _relay relay
`;
}

/** Takes one word of the command line; the value of an option is no command, even when a stage is called "dev". */
function follow(places: readonly Place[]): string {
  return `    if [[ -n $value ]]; then value=''; continue; fi
    case "$word" in ${optionsWithValue(places).join('|')}) value=1; continue ;; esac
    case "$place $word" in ${paths(places).join('|')}) place="$place $word" ;; esac`;
}

function optionsWithValue(places: readonly Place[]): string[] {
  const all = places.flatMap(({ choices, valued }) => [...valued, ...choices.map(({ option }) => option)]);
  return Array.from(new Set(all), quoted);
}

/** The words of a place; none where the word before is an option that wants a value of its own. */
function cases(places: readonly Place[]): string {
  const values = places.flatMap(({ path, choices }) =>
    choices.map(
      ({ option, values: list }) => `${quoted(`${path} ${option}`)}) list=${quoted(list.join(' '))} ;;`,
    ),
  );
  const valued = Array.from(
    new Set(places.flatMap((place) => place.valued)),
    (option) => `*${quoted(` ${option}`)}`,
  );
  // The deepest first: "webhook" is the beginning of "webhook register", too.
  const words = places
    .toSorted((a, b) => b.path.length - a.path.length)
    .map(
      ({ path, words: list }) =>
        `${quoted(`${path} `)}*) list=${quoted(list.map(({ word }) => word).join(' '))} ;;`,
    );
  return [...values, `${valued.join('|')}) ;;`, ...words].map((line) => `    ${line}`).join('\n');
}

function paths(places: readonly Place[]): string[] {
  return places.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, choices, valued }) => {
    const here = `-n ${quoted(`test (__relay_place) = "relay${path}"`)}`;
    return words.map(({ word, meaning }) => {
      const option = word.startsWith('--');
      const values = choices.find((each) => each.option === word)?.values;
      const value =
        values === undefined ? (valued.includes(word) ? ' -r' : '') : ` -x -a ${quoted(values.join(' '))}`;
      const what = option ? `-l ${word.slice(2)}${value}` : `-f -a ${quoted(word)}`;
      return `complete -c relay ${here} ${what} -d ${quoted(meaning)}`;
    });
  });
  return `# fish completion for relay: npx relay completion fish | source
function __relay_place
  set -l place ''
  set -l value ''
  for word in (commandline -opc)[2..-1]
    if test -n "$value"
      set value ''
      continue
    end
    switch "$word"
      case ${optionsWithValue(places).join(' ')}
        set value 1
        continue
    end
    switch "$place $word"
      case ${paths(places).join(' ')}
        set place "$place $word"
    end
  end
  echo relay$place
end
${lines.join('\n')}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
