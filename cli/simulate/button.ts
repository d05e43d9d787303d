import { present } from '../terminal/option-values.ts';
import { answering, inboundBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

interface Options {
  readonly text?: string;
  readonly payload?: string;
  readonly from?: string;
  readonly sendId?: string;
}

/** `relay simulate button` */
export const simulateButton = defineSimulate<Options>({
  examples: [
    'simulate button --text Yes --payload yes --send-id order-42-confirm',
    'simulate button --text No --payload no --from +16315555500 --json',
  ],
  define: (command) =>
    command
      .option('--text <label>', 'the label of the button', 'Yes')
      .option('--payload <id>', "the button's own id", '1')
      .option('--from <customer>', 'a number, or a business-scoped user id; by default +16315555500')
      .option('--send-id <id>', 'the id of the send that had the button'),
  body: ({ text, payload, from, sendId }, source) =>
    inboundBody({ kind: 'button', ...present({ text, payload, from }), ...answering(sendId) }, source),
});
