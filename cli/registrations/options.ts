import { type Command, Option } from 'commander';
import { usageError } from '../command-error.ts';
import { businessOf } from '../connectly/business-webhooks.ts';
import type { Target } from '../target/target.ts';
import { neededTopics, topics } from './topics.ts';

/** The options of every command about registrations. */
export interface RegistrationOptions {
  readonly topic?: string;
  readonly address?: string;
  readonly business?: string;
}

export function addRegistrationOptions(command: Command, address: string): Command {
  return command
    .addOption(
      new Option('--topic <topic>', 'one topic only; by default messages and delivery_status').choices(
        topics,
      ),
    )
    .option('--address <url>', `${address}; by default the stack's own`)
    .option('--business <id>', "the Connectly business; by default the stack's own");
}

export interface RegistrationPlan {
  readonly wanted: readonly string[];
  readonly address: string;
  readonly businessId: string;
}

/** What was meant. Throws `usage` for an address that Connectly cannot reach, and when nobody named a business. */
export function planOf(options: RegistrationOptions, target: Target): RegistrationPlan {
  const address = options.address ?? target.output('WebhookUrl');
  const businessId = businessOf(target, options.business);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw usageError('--address must be an https address.');
  }
  return { wanted: options.topic === undefined ? neededTopics : [options.topic], address, businessId };
}
