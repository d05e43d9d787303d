import { type Command, Option } from 'commander';
import { usageError } from '../errors.ts';
import { present } from '../present.ts';
import { parseDuration } from '../terminal/duration.ts';
import { readExactJson } from '../terminal/option-values.ts';

/** The options of what every message may have. */
export interface MessageOptions {
  readonly to: string;
  readonly id?: string;
  readonly from?: string;
  readonly business?: string;
  readonly channelType?: string;
  readonly ifUnclear?: string;
  readonly expiresIn?: string;
  readonly expiresAt?: string;
  readonly callbackData?: string;
}

/** Those that make sense for many messages at once, too. */
export function addSharedOptions(command: Command): Command {
  return command
    .option('--from <number>', "the business number to send from; by default the stage's")
    .option('--business <id>', "the Connectly business; by default the stage's")
    .option('--channel-type <type>', 'whatsapp, sms, ...; by default whatsapp')
    .addOption(
      new Option(
        '--if-unclear <policy>',
        'what to do when nobody can know whether Connectly accepted it',
      ).choices(['hold', 'settle', 'resend']),
    )
    .addOption(
      new Option(
        '--expires-in <duration>',
        'do not send later than so long from now: 90s, 30m, 4h, 2d',
      ).conflicts('expiresAt'),
    )
    .option('--expires-at <time>', 'do not send later than this: 2026-11-22T18:00:00Z');
}

export function addMessageOptions(command: Command): Command {
  command.requiredOption('--to <recipient>', 'the recipient: +15555555555, or a business-scoped user id');
  return addSharedOptions(command)
    .option('--id <id>', 'your key: one send for each id; comes back as sendId')
    .option('--callback-data <json>', 'any JSON; comes back with every status');
}

/** The fields that the options stand for; what was not given is absent. `now` is in epoch milliseconds. */
export function messageFields(options: MessageOptions, now: number): Record<string, unknown> {
  const { to, id, callbackData } = options;
  return present({
    to,
    id,
    ...sharedFields(options, now),
    callbackData: callbackData === undefined ? undefined : readExactJson(callbackData, '--callback-data'),
  });
}

/** The same without those of a single message. */
export function sharedFields(options: Omit<MessageOptions, 'to'>, now: number): Record<string, unknown> {
  const { from, business, channelType, ifUnclear } = options;
  return present({
    from,
    businessId: business,
    channelType,
    ifUnclear,
    expiresAt: expiryOf(options, now),
  });
}

function expiryOf({ expiresIn, expiresAt }: Omit<MessageOptions, 'to'>, now: number): string | undefined {
  const expiry = expiresIn === undefined ? expiresAt : inSoLong(expiresIn, now);
  // What is no time at all is told with the other fields.
  if (expiry !== undefined && Date.parse(expiry) <= now) {
    const option = expiresIn === undefined ? '--expires-at' : '--expires-in';
    throw usageError(`${option} names a time that has passed: nothing would be sent. Choose a later one.`);
  }
  return expiry;
}

function inSoLong(duration: string, now: number): string {
  const durationMs = parseDuration(duration);
  if (durationMs === undefined) throw usageError(`--expires-in must be like 90s, 30m, 4h or 2d.`);
  return new Date(now + durationMs).toISOString();
}
