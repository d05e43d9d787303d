import { present } from '../terminal/option-values.ts';
import { answering, inboundBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

interface Options {
  readonly text?: string;
  readonly from?: string;
  readonly sendId?: string;
}

/** `relay simulate message` */
export const simulateMessage = defineSimulate<Options>({
  examples: [
    'simulate message --text "Hello!" --from +16315555500',
    'simulate message --set message.attachments[0].type=video --set message.attachments[0].url=https://example.com/v',
    'simulate message --file body.json --bad-signature',
  ],
  define: (command) =>
    command
      .option('--text <text>', 'what the customer writes', 'Hello!')
      .option('--from <customer>', 'a number, or a business-scoped user id; by default +16315555500')
      .option('--send-id <id>', 'the id of the send that the customer answers'),
  body: ({ text, from, sendId }, source) =>
    inboundBody({ kind: 'text', ...present({ text, from }), ...answering(sendId) }, source),
});
