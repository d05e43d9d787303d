import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Message } from '../../lib/message/message.ts';
import { parseMessage, summarize } from '../../lib/message/parse.ts';
import {
  type CommandContext,
  type CommandDefinition,
  defineCommand,
  type LoadedCommand,
} from '../command.ts';
import { configurationError, usageError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { maskNumber } from '../terminal/masking.ts';
import { controlCharacterIn } from './control-characters.ts';
import { dryRunInWords, dryRunOf, dryRunSchema } from './dry-run.ts';
import { addFollowOptions, type FollowChoices, followMessage } from './follow-message.ts';
import { addMessageOptions, type MessageOptions, messageFields } from './message-options.ts';
import { stepSchema } from './steps.ts';

interface SendOptions extends MessageOptions, FollowChoices {
  readonly dryRun?: true;
  readonly reveal?: true;
}

/** Where the parts of a message come from, besides its options. */
export interface Source {
  readonly operands: readonly string[];
  readonly readInput: CommandContext['readInput'];
}

export interface SendDefinition<Options extends object>
  extends Pick<CommandDefinition<object, Options>, 'examples' | 'define'> {
  /** The fields of the queue message that only this kind has, `type` among them. */
  readonly content: (options: Options, source: Source) => Promise<object> | object;
}

/** A line for each step of the message: one, unless it is followed. */
const resultSchema = z.union([stepSchema, dryRunSchema]);

/** One of the commands that send a single message: builds it, validates it, queues it, and follows it when asked to. */
export function defineSend<Options extends object>({
  examples,
  define,
  content,
}: SendDefinition<Options>): LoadedCommand<z.infer<typeof resultSchema>> {
  return defineCommand<z.infer<typeof resultSchema>, Options & SendOptions>({
    examples,
    result: resultSchema,
    define(command) {
      define?.(command);
      addFollowOptions(addMessageOptions(command))
        .option('--dry-run', 'show the queue message and the request to Connectly, and send nothing')
        .option('--reveal', 'show numbers in full');
    },
    async run(context, options, operands) {
      const { output, readInput } = context;
      if (options.dryRun === true && options.follow === true) {
        throw usageError('With --dry-run nothing is sent, so there is nothing to --follow: leave one out.');
      }
      const now = Date.now();
      const fields = { ...(await content(options, { operands, readInput })), ...messageFields(options, now) };
      const parsed = parseMessage(JSON.stringify(fields), { queuedAt: now });
      if (!parsed.ok) {
        throw configurationError(
          'message-invalid',
          `${summarize(parsed.problems)}. Nothing was queued. What a message may hold: npx relay schema`,
        );
      }
      const warnings = await warningsAbout(parsed.message);
      for (const warning of warnings) output.say(`Warning: ${warning}`);
      if (options.dryRun === true) {
        const stage = await knownStage(context);
        const dryRun = dryRunOf(parsed.message, { reveal: options.reveal ?? false, warnings, stage });
        output.result(dryRun, dryRunInWords(dryRun));
        output.say(`Nothing was queued.${options.reveal ? '' : ' Numbers are masked; --reveal shows them.'}`);
        return;
      }
      await queueAndFollow(context, { body: JSON.stringify(fields), warnings, options });
    },
  });
}

/** The running local stack, unless a deployed stage is named: that one would have to be asked. */
async function knownStage({ globals, projectRoot }: CommandContext): Promise<Target | undefined> {
  if (globals.stage !== undefined) return undefined;
  const { localTarget } = await import('../target/local-stack.ts');
  return localTarget(projectRoot);
}

interface ToQueue {
  readonly body: string;
  readonly warnings: readonly string[];
  readonly options: SendOptions;
}

async function queueAndFollow(
  context: CommandContext<z.infer<typeof resultSchema>>,
  { body, warnings, options }: ToQueue,
): Promise<void> {
  const { output, signal } = context;
  const target = await context.target();
  const queuedAt = Date.now();
  const sqs = await target.aws.sqs();
  const command = new SendMessageCommand({ QueueUrl: target.output('SendsQueueUrl'), MessageBody: body });
  const { MessageId: sqsMessageId = '' } = await sqs.send(command, { abortSignal: signal });
  const to = options.reveal ? options.to : maskNumber(options.to);
  output.result(
    {
      step: 'queued',
      at: new Date(queuedAt).toISOString(),
      sqsMessageId,
      ...(warnings.length > 0 && { warnings: [...warnings] }),
    },
    `queued     for ${to}, as ${sqsMessageId}`,
  );
  if (options.follow === true) await followMessage(context, target, { sqsMessageId, queuedAt, ...options });
}

async function warningsAbout(message: Message): Promise<string[]> {
  const { suspicionAbout } = await import('./suspicious-number.ts');
  const suspicion = suspicionAbout(message.to);
  const unseen = controlCharacterIn(message);
  return [
    ...(suspicion === undefined ? [] : [`${maskNumber(message.to)} looks mistyped: ${suspicion}.`]),
    ...(unseen === undefined ? [] : [`${unseen}.`]),
  ];
}
