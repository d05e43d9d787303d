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

interface ButtonsOptions extends InteractiveOptions {
  readonly button: readonly NameValue[];
}

/** `relay send buttons` */
export const sendButtons = defineSend<ButtonsOptions>({
  examples: [
    'send buttons --to +15555555555 --text "Confirm?" --button yes=Yes --button no=No',
    'send buttons --to +15555555555 --text "Confirm?" --button yes=Yes --footer "Reply within a day" --dry-run',
  ],
  define(command) {
    addInteractiveOptions(command);
    addChoices(command, '--button <id=label>', 'a button, by the id that comes back when it is pressed');
  },
  content: async (options, source) => ({
    type: 'session',
    message: {
      text: await textArgument(options.text, source),
      replyButtonMessage: { ...headerAndFooter(options), buttons: choices(options.button) },
    },
  }),
});
