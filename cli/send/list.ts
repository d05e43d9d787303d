import {
  addChoices,
  addInteractiveOptions,
  choices,
  headerAndFooter,
  type InteractiveOptions,
} from './interactive-options.ts';
import type { NameValue } from './name-value.ts';
import { defineSend } from './send-command.ts';
import { textArgument } from './text-argument.ts';

interface ListOptions extends InteractiveOptions {
  readonly button: string;
  readonly row: readonly NameValue[];
}

/** `relay send list` */
export const sendList = defineSend<ListOptions>({
  examples: [
    'send list --to +15555555555 --text "Pick a slot" --button Open --row s1=10:00 --row s2=11:00',
    'send list --to +15555555555 --text "Pick a slot" --button Open --row s1=10:00 --header Booking --dry-run',
  ],
  define(command) {
    addInteractiveOptions(command).requiredOption('--button <label>', 'what opens the list');
    addChoices(command, '--row <id=label>', 'a row, by the id that comes back when it is chosen');
  },
  content: async (options, source) => ({
    type: 'session',
    message: {
      text: await textArgument(options.text, source),
      listMessage: {
        ...headerAndFooter(options),
        button: { text: options.button },
        sections: [{ rows: choices(options.row) }],
      },
    },
  }),
});
