import * as z from 'zod';
import { dynamoLedger } from '../../lib/aws/ledger-table.ts';
import { defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { explainCode } from '../explain/explain-code.ts';
import { present } from '../present.ts';
import { ageInWords } from '../terminal/duration.ts';
import { labelled } from '../terminal/table.ts';
import type { DeadLetter } from './dead-letter.ts';
import { openDeadLetters, unseenInWords } from './dead-letters.ts';
import { parseId } from './filter.ts';
import { letterResult, letterSchema } from './letter-result.ts';
import { type Traces, tracesOf, tracesSchema } from './traces.ts';

interface ShowOptions {
  readonly reveal?: boolean;
}

/** So many copies with one id are shown at most. */
const most = 10;

/** `relay dlq show` */
export const dlqShow = defineCommand({
  examples: ['dlq show order-42-ready', 'dlq show order-42-ready --reveal --stage prod'],
  /** A line for each letter with that id. */
  result: letterSchema.extend({
    meaning: z.string().optional(),
    remedy: z.string().optional(),
    ...tracesSchema.shape,
    /** What is on the queue, as it is; only with `--reveal`. */
    body: z.string().optional(),
  }),
  define: (command) =>
    command
      .argument('<id>', "the producer's id, or the id that SQS gave the copy", parseId)
      .option('--reveal', 'show the number of the recipient and the message itself'),
  async run(context, { reveal = false }: ShowOptions, [id = '']) {
    const { output } = context;
    const target = await context.target();
    const found: DeadLetter[] = [];
    const deadLetters = await openDeadLetters(target, context);
    const looked = await deadLetters.each({ id: [id], limit: most }, (letter) => void found.push(letter));
    if (found.length === 0) {
      throw configurationError(
        'no-such-letter',
        [
          'There is no dead letter with this id.',
          unseenInWords(looked) ?? [],
          `All of them: npx relay dlq ls ${target.options}`,
        ]
          .flat()
          .join(' '),
      );
    }
    const letters = found.toSorted((one, other) => one.queuedAt - other.queuedAt);
    const now = Date.now();
    const ledger = dynamoLedger(await target.aws.dynamoDb(), target.output('LedgerTableName'));
    for (const letter of letters) {
      const { meaning, remedy } = explainCode(letter.code) ?? {};
      const traces = await tracesOf(letter, { ledger, now, targetOptions: target.options });
      const result = {
        ...letterResult(letter, { now, reveal }),
        ...present({ meaning, remedy }),
        ...traces,
        ...(reveal && { body: letter.body }),
      };
      const facts = {
        Code: result.code,
        // Of a refusal of the relay's own, the two lines below say the same.
        Said: result.message === `${meaning} ${remedy}` ? undefined : result.message,
        Meaning: meaning,
        Remedy: remedy,
        Cause: causeInWords(letter),
        'Trace id': result.traceId,
        Ledger: traces.ledger && ledgerInWords(traces.ledger, now),
        'Own id': result.bodyId,
        To: result.to,
        Type: result.type,
        'Put here': `${result.queuedAt} (${ageInWords(letter.queuedAt, now)})`,
        Expires: `${result.expiresAt} (${ageInWords(letter.expiresAt, now)})`,
        Key: traces.key,
        'In the log': traces.search,
        'Send again': traces.resend,
        Message: reveal ? letter.body : 'shown with --reveal',
      };
      output.result(result, [output.style('bold', result.id), ...labelled(facts, 10)]);
    }
    if (letters.length === most)
      output.say(`More may have this id: npx relay dlq ls --id ID ${target.options}`);
  },
});

function causeInWords({ cause }: DeadLetter): string | undefined {
  const meaning = cause === undefined ? undefined : explainCode(cause)?.meaning;
  return meaning === undefined ? cause : `${cause}: ${meaning}`;
}

function ledgerInWords({ state, attemptedAt, vendorId }: NonNullable<Traces['ledger']>, now: number): string {
  const tried = attemptedAt && `, tried ${attemptedAt} (${ageInWords(Date.parse(attemptedAt), now)})`;
  const known = vendorId && `, at Connectly ${vendorId}`;
  return [state, tried, known].join('');
}
