import { Option } from 'commander';
import { type DeliveryStatus, deliveryStatuses } from '../../connectly-events/status-event.ts';
import { usageError } from '../errors.ts';
import { type StatusChoices, statusBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

interface Options extends Omit<StatusChoices, 'status'> {
  readonly status: DeliveryStatus;
}

/** `relay simulate status` */
export const simulateStatus = defineSimulate<Options>({
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
