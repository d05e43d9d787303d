// The shipped modules with one defect each: a line changed. A simulation that does not miss a figure with every one of
// them could not be believed when it passes.
import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';

export const defects: readonly Defect[] = [
  {
    name: 'saves up tokens while nothing waits, and starts with a burst',
    where: 'healthy-160',
    changes: [
      ...inFile(
        'lib/delivery/dispatch/pace.ts',
        'isAwaited ? longestDebtIntervals * intervalMs : 0',
        '60_000',
      ),
      ...inFile(
        'lib/delivery/dispatch/pace.ts',
        '(starts.at(-mostInASecond) ?? -Infinity) + secondMs - now',
        '0',
      ),
    ],
  },
  {
    name: 'never catches up on late timers',
    where: 'healthy-200',
    changes: inFile(
      'lib/delivery/dispatch/pace.ts',
      'isAwaited ? longestDebtIntervals * intervalMs : 0',
      '0',
    ),
  },
  {
    name: 'does not slow down on 429',
    where: 'hard-limit',
    changes: inFile('lib/delivery/dispatch/pace.ts', 'ratePerSecond * cutFactor', 'ratePerSecond'),
  },
  {
    name: 'never regains its rate',
    where: 'bursts-of-429',
    changes: inFile('lib/delivery/dispatch/pace.ts', 'ratePerSecond + regainPerAnswer', 'ratePerSecond'),
  },
  {
    name: 'refills the slots that failures left',
    where: 'silence-10-minutes',
    changes: inFile('lib/delivery/dispatch/window.ts', 'slots - slotsPerFailure', 'slots'),
  },
  {
    name: 'never opens its breaker',
    where: 'errors-10-minutes',
    changes: [
      ...inFile('lib/delivery/dispatch/breaker.ts', "    phase = 'open';", "    phase = 'closed';"),
      ...inFile('lib/delivery/dispatch/window.ts', 'slots - slotsPerFailure', 'slots'),
    ],
  },
  {
    name: 'leaves the decision to nobody when its window is closed',
    where: 'errors-10-minutes',
    changes: inFile('lib/delivery/dispatch/dispatcher.ts', 'if (window.isClosed &&', 'if (false &&'),
  },
  {
    name: 'closes its breaker after the probe, without a trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: inFile(
      'lib/delivery/dispatch/breaker.ts',
      "if (isGood) phase = 'trial';",
      'if (isGood) close(now);',
    ),
  },
  {
    name: 'sends more than one message on trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: inFile('lib/delivery/dispatch/breaker.ts', "phase === 'trial' && trial !== undefined", 'false'),
  },
  {
    name: 'comes back at once, however often',
    where: 'errors-60-minutes',
    changes: inFile(
      'lib/delivery/retry-policy.ts',
      'const doublings = Math.min(Math.max(0, receiveCount - 1), 20);',
      'const doublings = Math.min(0, receiveCount);',
    ),
  },
  {
    name: 'puts off what it could send until it has expired',
    where: 'errors-10-minutes',
    changes: [
      ...inFile(
        'lib/delivery/retry-policy.ts',
        'const longest = Math.max(longestDelaySeconds, lifeSeconds / longestDelaysInALife);',
        'const longest = Math.max(longestDelaySeconds, lifeSeconds * longestDelaysInALife);',
      ),
      ...inFile(
        'lib/delivery/retry-policy.ts',
        'const firstDelaySeconds = 5;',
        'const firstDelaySeconds = 50_000;',
      ),
    ],
  },
  {
    name: 'sends each message without waiting for its turn',
    where: 'hard-limit',
    changes: inFile(
      'lib/delivery/deliver.ts',
      'await dispatch({ businessId, run, canFinish }, expiresAt)',
      'await run()',
    ),
  },
  {
    name: 'takes a server that is down for a message that is wrong',
    where: 'refused-connections-10-minutes',
    changes: inFile(
      'lib/delivery/deliver.ts',
      "      case 'not-sent':",
      "      case 'not-sent':\n        await queue.deadLetter({ originalId, expiresAt, code: outcome.code, message: '', traceId: undefined });\n        return { acknowledge: true };",
    ),
  },
  {
    name: 'tells of an expiry only when Connectly is well again',
    where: 'expiry-in-silence-10-minutes',
    changes: inFile(
      'lib/compose/send-message.ts',
      'expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),',
      'expiryDispatcher: dispatcher,',
    ),
  },
  {
    name: 'sends away what expires while it waits',
    where: 'expiry-in-silence-10-minutes',
    changes: inFile(
      'lib/delivery/deliver.ts',
      "if (!('notStarted' in dispatched) || now() < expiresAt) return dispatched;",
      'return dispatched;',
    ),
  },
  {
    name: 'reports no message of a batch as failed',
    where: 'silence-10-minutes',
    changes: inFile(
      'lib/aws/batch.ts',
      'if (!(await handle(record))) failed.add(record.messageId);',
      'await handle(record);',
    ),
  },
];
