import * as z from 'zod';
import type { IdSource } from '../../connectly-events/ulid.ts';
import { toQueuedEvent } from '../../lib/webhook/event.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { type CommandDefinition, defineCommand, type LoadedCommand } from '../command.ts';
import { usageError } from '../errors.ts';
import { wholeNumber } from '../terminal/option-values.ts';
import { type Change, collectChanges, withChange } from './changes.ts';
import { answerSchema, postWebhook, verdictOn, type WebhookAnswer } from './post-webhook.ts';

interface SimulateOptions {
  readonly set?: readonly Change[];
  readonly file?: string;
  readonly badSignature?: true;
  readonly repeat: number;
  readonly base64?: true;
}

export interface SimulateDefinition<Options extends object>
  extends Pick<CommandDefinition<object, Options>, 'examples' | 'define'> {
  /** The JSON of the event. */
  readonly body: (options: Options, source: IdSource) => string;
}

const resultSchema = z.strictObject({
  topic: z.string(),
  /** The id that consumers find on the events queue; the same each time. */
  eventId: z.string(),
  /** Of the body. */
  bytes: z.int(),
  answers: z.array(answerSchema),
});

/** More at once is a load test, which a stage would have to pay for. */
const readTimes = wholeNumber('a number', 1, 10_000);

/** What of an answer is shown: the relay's own is shorter, somebody else's need not be. */
const shownCharacters = 200;

/** One of the commands that send a webhook as Connectly would: signed, to the address of the stack. */
export function defineSimulate<Options extends object>({
  examples,
  define,
  body: makeBody,
}: SimulateDefinition<Options>): LoadedCommand<z.infer<typeof resultSchema>> {
  return defineCommand<z.infer<typeof resultSchema>, Options & SimulateOptions>({
    examples,
    result: resultSchema,
    define(command) {
      define?.(command);
      // They say what the event holds, and a file is the whole of it.
      for (const option of command.options) option.conflicts('file');
      command
        .option(
          '--set <path=value>',
          'change the event, such as message.attachments[0].type=video; may be repeated',
          collectChanges,
        )
        .option('--file <file>', 'these bytes instead of a made-up event; - for stdin')
        .option('--bad-signature', 'sign it with a wrong secret: it must be refused')
        .option('--repeat <times>', 'send the same event so often', readTimes, 1)
        .option('--base64', 'as bytes of no known type, which API Gateway hands over in base64');
    },
    async run(context, options) {
      const { output, signal } = context;
      const made = options.file === undefined ? undefined : await context.readInput(options.file);
      const original = made ?? Buffer.from(makeBody(options, { now: Date.now, random: Math.random }));
      const body = changed(original, options.set ?? []);
      const target = await context.target();
      const [secret = ''] = parseWebhookSecrets(await target.readSecret('webhook-secrets'));
      const { topic, id: eventId } = toQueuedEvent(body, Date.now());
      const answers: WebhookAnswer[] = [];
      const progress = await context.progress({ label: 'Sending', total: options.repeat });
      try {
        while (answers.length < options.repeat) {
          const answer = await postWebhook({
            network: target.network,
            url: target.output('WebhookUrl'),
            body,
            secret: options.badSignature ? `not ${secret}` : secret,
            binary: options.base64 ?? false,
            signal,
          });
          answers.push({ ...answer, body: answer.body.slice(0, shownCharacters) });
          progress.advance();
        }
      } finally {
        progress.stop();
      }
      const result = { topic, eventId, bytes: body.length, answers };
      output.result(result, inWords(result));
      const verdict = verdictOn(answers, { badSignature: options.badSignature ?? false });
      if (verdict !== undefined) throw verdict;
    },
  });
}

function changed(body: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return body;
  return Buffer.from(JSON.stringify(changes.reduce<unknown>(withChange, readJson(body))));
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw usageError('--set changes JSON, and the file is none: leave one of them out.', { cause });
  }
}

function inWords({ topic, eventId, bytes, answers }: z.infer<typeof resultSchema>): string[] {
  return [
    `event      ${eventId}, topic ${topic}, ${bytes} bytes`,
    ...answers.map(({ status, body, durationMs }) => `answer     ${status} ${body} (${durationMs} ms)`),
  ];
}
