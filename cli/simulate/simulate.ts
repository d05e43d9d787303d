import { Option } from 'commander';
import { deliveryStatuses } from '../../connectly-events/status-event.ts';
import { usageError } from '../errors.ts';
import { present } from '../present.ts';
import { degreesUpTo } from '../terminal/option-values.ts';
import { answering, inboundBody, type StatusChoices, statusBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

// Five commands that differ in what an event holds. How it is sent is for simulate-command.ts.

/** The option for who writes. */
const fromCustomer = [
  '--from <customer>',
  'a number, or a business-scoped user id; by default +16315555500',
] as const;

interface MessageOptions {
  readonly text?: string;
  readonly from?: string;
  readonly sendId?: string;
}

/** `relay simulate message` */
export const simulateMessage = defineSimulate<MessageOptions>({
  examples: [
    'simulate message --text "Hello!" --from +16315555500',
    'simulate message --set message.attachments[0].type=video --set message.attachments[0].url=https://example.com/v',
    'simulate message --file body.json --bad-signature',
  ],
  define: (command) =>
    command
      .option('--text <text>', 'what the customer writes', 'Hello!')
      .option(...fromCustomer)
      .option('--send-id <id>', 'the id of the send that the customer answers'),
  body: ({ text, from, sendId }, source) =>
    inboundBody({ kind: 'text', ...present({ text, from }), ...answering(sendId) }, source),
});

/** `relay simulate status` */
export const simulateStatus = defineSimulate<StatusChoices>({
  examples: [
    'simulate status --status delivered --send-id order-42-ready',
    'simulate status --status delivery_failed --code ERROR_CODE_MESSAGE_PHONE_NUMBER_INVALID',
  ],
  define: (command) =>
    command
      .addOption(
        new Option('--status <status>', 'how far the message has come')
          .choices(deliveryStatuses)
          .default('delivered'),
      )
      .option('--send-id <id>', 'your id of the message')
      .option('--message-id <id>', "Connectly's id of it; by default a new one")
      .option('--to <customer>', 'whom the message went to; by default +16315555500')
      .option('--code <code>', 'why it failed'),
  body(options, source) {
    if (options.code !== undefined && options.status !== 'delivery_failed')
      throw usageError('--code goes with --status delivery_failed only.');
    return statusBody(options, source);
  },
});

/** `relay simulate button` */
export const simulateButton = defineSimulate<MessageOptions & { readonly payload?: string }>({
  examples: [
    'simulate button --text Yes --payload yes --send-id order-42-confirm',
    'simulate button --text No --payload no --from +16315555500 --json',
  ],
  define: (command) =>
    command
      .option('--text <label>', 'the label of the button', 'Yes')
      .option('--payload <id>', "the button's own id", '1')
      .option(...fromCustomer)
      .option('--send-id <id>', 'the id of the send that had the button'),
  body: ({ text, payload, from, sendId }, source) =>
    inboundBody({ kind: 'button', ...present({ text, payload, from }), ...answering(sendId) }, source),
});

interface LocationOptions {
  readonly latitude: number;
  readonly longitude: number;
  readonly from?: string;
}

/** `relay simulate location` */
export const simulateLocation = defineSimulate<LocationOptions>({
  examples: [
    'simulate location --latitude 49.2827 --longitude -123.1207',
    'simulate location --set message.location.name=Shop --repeat 3',
  ],
  define: (command) =>
    command
      .option('--latitude <degrees>', 'from -90 to 90', degreesUpTo(90), 49.2827)
      .option('--longitude <degrees>', 'from -180 to 180', degreesUpTo(180), -123.1207)
      .option(...fromCustomer),
  body: ({ latitude, longitude, from }, source) =>
    inboundBody({ kind: 'location', location: { latitude, longitude }, ...present({ from }) }, source),
});

/** `relay simulate report` */
export const simulateReport = defineSimulate({
  examples: ['simulate report', 'simulate report --set report.last_run.status=failed --base64'],
  body: (_options, source) => inboundBody({ kind: 'report' }, source),
});
