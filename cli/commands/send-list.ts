import {
  addChoices,
  addInteractiveOptions,
  choices,
  headerAndFooter,
  type InteractiveOptions,
} from '../messages/interactive-options.ts';
import type { NameValue } from '../messages/name-value.ts';
import { textArgument } from '../messages/text-argument.ts';
import { defineSend } from '../sending/send-command.ts';

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
  content: async (options, { signal }) => ({
    type: 'session',
    message: {
      text: await textArgument(options.text, signal),
      listMessage: {
        ...headerAndFooter(options),
        button: { text: options.button },
        sections: [{ rows: choices(options.row) }],
      },
    },
  }),
});
