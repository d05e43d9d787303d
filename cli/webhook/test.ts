import { defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { type RoundTrip, roundTrip, roundTripSchema, testTopic } from './round-trip.ts';

/** Log lines of Lambda show within a few seconds, at times later. In milliseconds. */
const patienceMs = 20_000;

/** `relay webhook test` */
export const webhookTest = defineCommand({
  examples: ['webhook test --local', 'webhook test --stage prod'],
  result: roundTripSchema,
  define: (command) =>
    command.addHelpText(
      'after',
      `
Sends an event with the topic relay_test, signed with the stage's oldest live secret, to the public address. On the events
queue only that one is deleted. Events of others that are received meanwhile (30 at most) are given back at once; each
such receive counts as one of the five after which an event moves to the dead-letter queue. Where a consumer is faster, or
more events wait, consumers get the test event, and the function's log line is the proof.`,
    ),
  async run({ output, signal, target: findTarget }) {
    const target = await findTarget();
    const { foundIn, ...trip } = await roundTrip(target, { patienceMs, signal });
    if (foundIn === undefined) {
      const queue = trip.behindOthers
        ? `among the first ${trip.others} events of the events queue`
        : 'on the events queue';
      const left = trip.behindOthers ? ` ${seenByConsumers}` : '';
      throw configurationError(
        'test-event-not-found',
        `The webhook answered 200, but event ${trip.eventId} showed neither ${queue} nor in the log of ${target.functions['receive-webhook']}.${left} See: npx relay doctor ${target.options}`,
      );
    }
    output.result({ ...trip, foundIn }, inWords({ ...trip, foundIn }));
  },
});

/** A consumer may be at work as well, so that the event is no longer there: what is told is true of both. */
const seenByConsumers = `More events wait than were looked at, and it may be behind them: consumers will see one event of topic ${testTopic}.`;

function inWords({ answeredInMs, eventId, foundIn, behindOthers, others }: RoundTrip): string[] {
  const place = placeOf({ foundIn, behindOthers });
  return [
    `Answered with 200 after ${answeredInMs} ms. ${place}`,
    `Event ${eventId}`,
    ...(others === 0 ? [] : [`Received while looking, and given back: ${others} events of others.`]),
  ];
}

function placeOf({ foundIn, behindOthers }: Pick<RoundTrip, 'foundIn' | 'behindOthers'>): string {
  if (foundIn === 'queue') return 'It was on the events queue, and is deleted again.';
  return behindOthers
    ? `The log says that it was queued. ${seenByConsumers}`
    : 'A consumer was faster: the log says that it was queued.';
}
