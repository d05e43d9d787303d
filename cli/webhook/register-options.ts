import { BlockList, isIPv4 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { usageError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { quoted } from '../terminal/typed.ts';
import { businessOf } from './business-webhooks.ts';
import type { Changing } from './change-topics.ts';
import { neededTopics, topics } from './registrations.ts';

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

/** Networks that nobody reaches from outside. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, prefix);

/** Throws `usage` for an address that Connectly cannot reach: what it would send there is lost. */
export function refuseUnreachable({ address }: RegistrationOptions, { kind }: Target): void {
  if (address === undefined || kind === 'local') return;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' && isPublic(hostname)) return;
  throw usageError('--address must be one that Connectly can reach: https, and a host of the internet.');
}

function isPublic(hostname: string): boolean {
  if (isIPv4(hostname)) return !privateNetworks.check(hostname);
  // Of the addresses of IPv6, only those that begin with 2 or 3 are given out.
  if (hostname.startsWith('[')) return /^\[[23]/.test(hostname);
  return /\.(?!localhost$|local$|internal$)[^.]+\.?$/.test(hostname);
}

/** How long to wait before Connectly's list is read again for a change, in milliseconds. */
const lookIntervalMs = 500;

export interface RegistrationPlan extends Changing {
  readonly businessId: string;
}

/** What was meant. Throws `usage` for what is no address, and when nobody named a business. */
export function planOf(options: RegistrationOptions, target: Target, signal: AbortSignal): RegistrationPlan {
  const address = options.address ?? target.output('WebhookUrl');
  const businessId = businessOf(target, options.business);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw usageError('--address must be an https address.');
  }
  const business = options.business === undefined ? '' : `--business ${quoted(options.business)} `;
  return {
    wanted: options.topic === undefined ? neededTopics : [options.topic],
    address,
    businessId,
    look: `npx relay webhook status ${business}${target.options}`,
    pause: () => sleep(lookIntervalMs, undefined, { signal }),
  };
}
