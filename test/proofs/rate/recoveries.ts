// How soon messages that have waited for Connectly are sent once it is well again.
import type { Scene } from './scenes.ts';
import type { Trouble } from './scripted-vendor.ts';

const ratePerSecond = 160;
const messages = 1_000;

/** How long a gate stays closed at most, in seconds: at first, and after some tries; both with its jitter. */
const firstIntervalSeconds = 1.1 * 15;
const longestIntervalSeconds = 1.1 * 120;

/** Connectly is away from the start on, while all messages wait. */
function recovery(trouble: Trouble, seconds: number): Scene {
  const wellFromMs = seconds * 1_000;
  const intervalSeconds = seconds < firstIntervalSeconds ? firstIntervalSeconds : longestIntervalSeconds;
  return {
    name: `recovery-after-${seconds}-seconds-${trouble}`,
    ratePerSecond,
    messages,
    vendor: {
      limitPerSecond: 200,
      medianLatencyMs: 150,
      troubleAt: (elapsedMs) => (elapsedMs < wellFromMs ? trouble : undefined),
      wellFromMs,
    },
    figures: ({ msUntilFirst = Number.NaN, msUntilLast = Number.NaN }) => [
      { name: 'seconds until the first is accepted', value: msUntilFirst / 1_000, atMost: intervalSeconds },
      {
        name: 'seconds until the last is accepted',
        value: msUntilLast / 1_000,
        atMost: (1.5 * messages) / ratePerSecond + intervalSeconds,
      },
    ],
  };
}

const hourMs = 3_600_000;
const crowd = 100_000;

/**
 * What an hour of waiting costs each of many messages. It was 14.9 requests to SQS and 10,689 bytes of the log, counted
 * in this scene, when every message was hidden and written about alone, and came back by itself.
 */
const waitingForAnHour: Scene = {
  name: 'waiting-for-an-hour',
  ratePerSecond,
  messages: crowd,
  vendor: { limitPerSecond: 200, medianLatencyMs: 150, troubleAt: () => 'refusing-connections' },
  endsAfterMs: hourMs,
  mayWait: true,
  figures: ({ hideRequests, receives, logBytes }) => [
    {
      name: 'requests to SQS for each waiting message in an hour',
      // Messages are received in tens.
      value: (hideRequests + receives / 10) / crowd,
      atMost: 0.2 * 14.9,
    },
    {
      name: 'bytes of the log for each waiting message in an hour',
      value: logBytes / crowd,
      atMost: 0.2 * 10_689,
    },
  ],
};

export const recoveries: readonly Scene[] = [
  ...[10, 120, 3_600].flatMap((seconds) => [
    recovery('unavailable', seconds),
    recovery('refusing-connections', seconds),
  ]),
  waitingForAnHour,
];
