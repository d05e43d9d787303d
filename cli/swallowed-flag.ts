import type { Command, Option } from 'commander';
import { usageError } from './errors.ts';

/**
 * Throws `usage` for an option whose value was left out, so that commander would take the flag behind it for the value:
 * `--campaign $EMPTY --dry-run` would send. What is meant so can still be said, with an equals sign.
 */
export function refuseSwallowedFlag(argv: readonly string[], options: readonly Option[]): void {
  const words = argv[Symbol.iterator]();
  for (const word of words) {
    // What follows are operands.
    if (word === '--') return;
    const option = findOption(word, options);
    if (option?.required !== true) continue;
    const { value } = words.next();
    if (value !== undefined && isFlag(value, options)) {
      throw usageError(
        `${word} has no value: what follows is ${value}. Give it one, or, if that is the value, write ${word}=${value}`,
      );
    }
  }
}

/** Every option that may be typed with a command: its own and those of what it belongs to. */
export function optionsWithin(command: Command): Option[] {
  const above = command.parent === null ? [] : optionsWithin(command.parent);
  return [...command.options, ...above];
}

function isFlag(word: string, options: readonly Option[]): boolean {
  const [name = ''] = word.split('=');
  return ['--', '--help', '-h'].includes(name) || findOption(name, options) !== undefined;
}

function findOption(word: string, options: readonly Option[]): Option | undefined {
  return options.find(({ long, short }) => word === long || word === short);
}
