import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { configurationError } from '../command-error.ts';
import { type RoundTrip, roundTrip } from '../round-trip/round-trip.ts';

/** Log lines of Lambda show within a few seconds, at times later. In milliseconds. */
const patienceMs = 20_000;

/** `relay webhook test` */
export const webhookTest = defineCommand({
  examples: ['webhook test --local', 'webhook test --stage prod'],
  result: z.strictObject({
    eventId: z.string(),
    answeredInMs: z.int(),
    /** On the queue, where it was deleted again; or in the function's log, when a consumer was faster. */
    foundIn: z.enum(['queue', 'log']),
    /** Events of others that were received while looking, and given back. */
    others: z.int(),
  }),
  define: (command) =>
    command.addHelpText(
      'after',
      `
Sends an event with the topic relay_test, signed with the stage's oldest live secret, to the public address. On the events
queue only that one is deleted. Events of others that are received meanwhile (30 at most) are given back at once; each
such receive counts as one of the five after which an event moves to the dead-letter queue. Where a consumer is faster,
it gets the test event, and the function's log line is the proof.`,
    ),
  async run({ output, signal, target: findTarget }) {
    const target = await findTarget();
    const { foundIn, ...trip } = await roundTrip(target, { patienceMs, signal });
    if (foundIn === undefined) {
      throw configurationError(
        'test-event-not-found',
        `The webhook answered 200, but event ${trip.eventId} showed neither on the events queue nor in the log of ${target.functions.receiveWebhook}. See: npx relay doctor ${target.options}`,
      );
    }
    output.result({ ...trip, foundIn }, inWords({ ...trip, foundIn }));
  },
});

function inWords({ answeredInMs, eventId, foundIn, others }: RoundTrip): string {
  const place =
    foundIn === 'queue'
      ? 'It was on the events queue, and is deleted again.'
      : 'A consumer was faster: the log says that it was queued.';
  const looked = others === 0 ? '' : `\nReceived while looking, and given back: ${others} events of others.`;
  return `Answered with 200 after ${answeredInMs} ms. ${place}\nEvent ${eventId}${looked}`;
}
