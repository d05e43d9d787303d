// The shipped modules with one defect each: a line changed. A simulation that does not miss a figure with every one of
// them could not be believed when it passes.
import type { Defect } from '../harness/proof.ts';

export const defects: readonly Defect[] = [
  {
    name: 'saves up tokens while nothing waits, and starts with a burst',
    where: 'healthy-160',
    changes: [
      {
        file: 'lib/delivery/dispatch/pace.ts',
        find: 'isAwaited ? longestDebtIntervals * intervalMs : 0',
        replace: '60_000',
      },
      {
        file: 'lib/delivery/dispatch/pace.ts',
        find: '(starts.at(-mostInASecond) ?? -Infinity) + secondMs - now',
        replace: '0',
      },
    ],
  },
  {
    name: 'never catches up on late timers',
    where: 'healthy-200',
    changes: [
      {
        file: 'lib/delivery/dispatch/pace.ts',
        find: 'isAwaited ? longestDebtIntervals * intervalMs : 0',
        replace: '0',
      },
    ],
  },
  {
    name: 'does not slow down on 429',
    where: 'hard-limit',
    changes: [
      { file: 'lib/delivery/dispatch/pace.ts', find: 'ratePerSecond * cutFactor', replace: 'ratePerSecond' },
    ],
  },
  {
    name: 'never regains its rate',
    where: 'bursts-of-429',
    changes: [
      {
        file: 'lib/delivery/dispatch/pace.ts',
        find: 'ratePerSecond + regainPerAnswer',
        replace: 'ratePerSecond',
      },
    ],
  },
  {
    name: 'refills the slots that failures left',
    where: 'silence-10-minutes',
    changes: [{ file: 'lib/delivery/dispatch/window.ts', find: 'slots - slotsPerFailure', replace: 'slots' }],
  },
  {
    name: 'never opens its breaker',
    where: 'errors-10-minutes',
    changes: [
      {
        file: 'lib/delivery/dispatch/breaker.ts',
        find: "    phase = 'open';",
        replace: "    phase = 'closed';",
      },
      { file: 'lib/delivery/dispatch/window.ts', find: 'slots - slotsPerFailure', replace: 'slots' },
    ],
  },
  {
    name: 'leaves the decision to nobody when its window is closed',
    where: 'errors-10-minutes',
    changes: [
      {
        file: 'lib/delivery/dispatch/dispatcher.ts',
        find: 'if (window.isClosed &&',
        replace: 'if (false &&',
      },
    ],
  },
  {
    name: 'closes its breaker after the probe, without a trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: [
      {
        file: 'lib/delivery/dispatch/breaker.ts',
        find: "if (isGood) phase = 'trial';",
        replace: 'if (isGood) close(now);',
      },
    ],
  },
  {
    name: 'sends more than one message on trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: [
      {
        file: 'lib/delivery/dispatch/breaker.ts',
        find: "phase === 'trial' && trial !== undefined",
        replace: 'false',
      },
    ],
  },
  {
    name: 'comes back at once, however often',
    where: 'errors-60-minutes',
    changes: [
      {
        file: 'lib/delivery/retry-policy.ts',
        find: 'const doublings = Math.min(Math.max(0, receiveCount - 1), 20);',
        replace: 'const doublings = Math.min(0, receiveCount);',
      },
    ],
  },
  {
    name: 'puts off what it could send until it has expired',
    where: 'errors-10-minutes',
    changes: [
      {
        file: 'lib/delivery/retry-policy.ts',
        find: 'const longest = Math.max(longestDelaySeconds, lifeSeconds / longestDelaysInALife);',
        replace: 'const longest = Math.max(longestDelaySeconds, lifeSeconds * longestDelaysInALife);',
      },
      {
        file: 'lib/delivery/retry-policy.ts',
        find: 'const firstDelaySeconds = 5;',
        replace: 'const firstDelaySeconds = 50_000;',
      },
    ],
  },
  {
    name: 'sends each message without waiting for its turn',
    where: 'hard-limit',
    changes: [
      {
        file: 'lib/delivery/deliver.ts',
        find: 'await dispatch({ businessId, run, canFinish }, expiresAt)',
        replace: 'await run()',
      },
    ],
  },
  {
    name: 'takes a server that is down for a message that is wrong',
    where: 'refused-connections-10-minutes',
    changes: [
      {
        file: 'lib/delivery/deliver.ts',
        find: "      case 'not-sent':",
        replace:
          "      case 'not-sent':\n        await queue.deadLetter({ originalId, expiresAt, code: outcome.code, message: '', traceId: undefined });\n        return { acknowledge: true };",
      },
    ],
  },
  {
    name: 'tells of an expiry only when Connectly is well again',
    where: 'expiry-in-silence-10-minutes',
    changes: [
      {
        file: 'lib/compose/send-message.ts',
        find: 'expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),',
        replace: 'expiryDispatcher: dispatcher,',
      },
    ],
  },
  {
    name: 'sends away what expires while it waits',
    where: 'expiry-in-silence-10-minutes',
    changes: [
      {
        file: 'lib/delivery/deliver.ts',
        find: "if (!('notStarted' in dispatched) || now() < expiresAt) return dispatched;",
        replace: 'return dispatched;',
      },
    ],
  },
  {
    name: 'reports no message of a batch as failed',
    where: 'silence-10-minutes',
    changes: [
      {
        file: 'lib/aws/batch.ts',
        find: 'if (!(await handle(record))) failed.add(record.messageId);',
        replace: 'await handle(record);',
      },
    ],
  },
];
