// What SQS's limit on messages in flight does: above it, SQS hands out none, of any business.
import { maximumInFlight } from '../../../local/aws/sqs/queue.ts';
import type { Scene } from './scenes.ts';

const minuteMs = 60_000;
/** Of another business, one after the other: after 12 minutes all are queued behind 150,000, after 80 behind a million. */
const others = 20;
const betweenOthersMs = (messages: number) => (messages / 250_000) * minuteMs;
const isOfCrowd = (index: number) => index >= others;

/** What is turned away stays out of sight for so long at most, and so in flight. */
const longestHiddenMinutes = 15;
/** As many rounds as the crowd fills the limit. */
const longestWaitMinutes = (messages: number) => (longestHiddenMinutes * messages) / maximumInFlight;

/** Above so many in flight, the alarm `sends-in-flight` rings. */
const alarmAbove = 100_000;

/** The backlog of a business with a refused key is received, turned away and hidden, until as much is hidden as SQS allows. */
const behindACrowd: Scene = {
  name: 'behind-a-crowd',
  ratePerSecond: 160,
  isCrowd: true,
  vendor: {
    limitPerSecond: 200,
    medianLatencyMs: 150,
    troubleAt: () => undefined,
    troubleOf: (index) => (isOfCrowd(index) ? 'refusing-key' : undefined),
  },
  from: (index) => ({ businessId: isOfCrowd(index) ? 'business-a' : 'business-b' }),
  queuedAfterMs: (index, messages) => (isOfCrowd(index) ? 0 : (index + 1) * betweenOthersMs(messages)),
  // Before the crowd expires.
  endsAfterMs: 230 * minuteMs,
  figures: ({ longestWaitMs, mostInFlightOnQueue, messages }) => [
    { name: 'most messages in flight', value: mostInFlightOnQueue, atMost: maximumInFlight },
    {
      name: 'most messages in flight, for an alarm',
      value: mostInFlightOnQueue,
      atLeast: alarmAbove + 1,
    },
    {
      name: 'minutes that one of another business waits',
      value: longestWaitMs / minuteMs,
      atMost: longestWaitMinutes(messages),
    },
  ],
};

export const crowds: readonly Scene[] = [behindACrowd];
