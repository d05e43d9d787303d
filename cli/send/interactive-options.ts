import type { Command } from 'commander';
import { collectNameValues, type NameValue } from './name-value.ts';

/** The options of lists and buttons. */
export interface InteractiveOptions {
  readonly text: string;
  readonly header?: string;
  readonly footer?: string;
}

export function addInteractiveOptions(command: Command): Command {
  return command
    .requiredOption('--text <text>', 'the body; - for stdin')
    .option('--header <text>', 'above the body')
    .option('--footer <text>', 'below the body');
}

/** The vendor's own parts for a header and a footer; absent when they were not given. */
export function headerAndFooter({ header, footer }: InteractiveOptions): object {
  return {
    ...(header !== undefined && { header: { text: header } }),
    ...(footer !== undefined && { footer: { text: footer } }),
  };
}

/** Adds an option for what can be chosen, as `id=label`; may be repeated. */
export function addChoices(command: Command, flags: string, description: string): Command {
  return command.requiredOption(flags, `${description}; may be repeated`, collectNameValues);
}

export function choices(given: readonly NameValue[]): { id: string; text: string }[] {
  return given.map(({ name, value }) => ({ id: name, text: value }));
}
