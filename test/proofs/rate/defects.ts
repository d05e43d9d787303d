// The shipped modules with one defect each: a line changed. A simulation that does not miss a figure with every one of
// them could not be believed when it passes.
import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';

export const defects: readonly Defect[] = [
  {
    name: 'never regains its rate',
    where: 'bursts-of-429',
    changes: inFile('lib/delivery/dispatch/pace.ts', 'ratePerSecond + regainPerAnswer', 'ratePerSecond'),
  },
  {
    name: 'saves up tokens while nothing waits, and starts with a burst',
    where: 'healthy-160',
    changes: [
      ...inFile(
        'lib/delivery/dispatch/pace.ts',
        'now - awaitedAt <= awaitedMs ? longestDebtIntervals * intervalMs : 0',
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
      'now - awaitedAt <= awaitedMs ? longestDebtIntervals * intervalMs : 0',
      '0',
    ),
  },
  {
    name: 'does not slow down on 429',
    where: 'hard-limit',
    changes: inFile('lib/delivery/dispatch/pace.ts', 'ratePerSecond * cutFactor', 'ratePerSecond'),
  },
  {
    name: 'refills the slots that failures left',
    where: 'silence-10-minutes',
    changes: [
      ...inFile('lib/delivery/dispatch/window.ts', 'slots * (1 - doubt)', 'slots'),
      ...inFile(
        'lib/delivery/dispatch/dispatcher.ts',
        'const severalFailuresOfAll = 16;',
        'const severalFailuresOfAll = 160;',
      ),
      ...inFile(
        'lib/delivery/dispatch/dispatcher.ts',
        'Math.min(severalFailuresOfAll, options.window)',
        'severalFailuresOfAll',
      ),
    ],
  },
  {
    name: 'never closes its gate',
    where: 'errors-10-minutes',
    changes: inFile('lib/delivery/dispatch/gate.ts', "    phase = 'closed';", "    phase = 'open';"),
  },
  {
    name: 'never tries again once its gate is closed',
    where: 'errors-10-minutes',
    changes: inFile(
      'lib/delivery/dispatch/gate.ts',
      'const nextTryAt = now + closedMs',
      'const nextTryAt = now + 1e5 * closedMs',
    ),
  },
  {
    name: 'opens its gate after the probe, without a trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: inFile(
      'lib/delivery/dispatch/gate.ts',
      "if (mayTry) phase = 'trial';",
      'if (mayTry) open(now);',
    ),
  },
  {
    name: 'sends more than one message on trial',
    where: 'silence-to-sends-only-60-minutes',
    changes: inFile('lib/delivery/dispatch/gate.ts', "phase === 'trial' && trial !== undefined", 'false'),
  },
  {
    name: 'sends nothing while a read does not work that sending does not need',
    where: 'reads-never-work-again-1-minutes',
    changes: inFile('lib/delivery/dispatch/gate.ts', 'failedProbes >= failedProbesBeforeATry', 'false'),
  },
  {
    name: 'pauses a business for one message that is turned down',
    where: 'forbidding-one',
    changes: [
      ...inFile('lib/delivery/dispatch/dispatcher.ts', "'turned-down': 8", "'turned-down': 1"),
      ...inFile('lib/delivery/dispatch/dispatcher.ts', 'sizeIfWell(business.underWay)', 'size'),
    ],
  },
  {
    name: 'hears nothing of what goes well once a fifth fails',
    where: 'unavailable-1-in-5',
    changes: inFile(
      'lib/delivery/dispatch/evidence.ts',
      'ticket > oldest[1]',
      'ticket > Math.max(...tickets.values())',
    ),
  },
  {
    name: 'has forgotten, when an answer is missed, who went well meanwhile',
    where: 'silent-1-in-5',
    changes: inFile('lib/delivery/dispatch/evidence.ts', '(good) => good > ticket', '() => false'),
  },
  {
    name: 'has one gate for all businesses',
    where: 'refusing-key-business-of-10-percent',
    changes: inFile(
      'lib/delivery/dispatch/dispatcher.ts',
      'businesses.of(request.businessId)',
      "businesses.of('')",
    ),
  },
  {
    name: 'takes the silence of one business for that of all',
    where: 'silent-business-of-20-percent',
    changes: inFile('lib/delivery/dispatch/businesses.ts', 'ticket > evidence.oldestTicket', 'ticket < 0'),
  },
  {
    name: 'slows everybody down for a 429 of one business',
    where: 'limiting-business-of-10-percent',
    changes: [
      ...inFile('lib/delivery/dispatch/dispatcher.ts', 'throttled: 5', 'throttled: 5_000'),
      ...inFile('lib/delivery/dispatch/lane.ts', 'if (isTogether && isShared) pace', 'pace'),
    ],
  },
  {
    name: 'takes the limits of many businesses for one of all',
    where: 'limiting-100-businesses-of-10-percent',
    changes: inFile(
      'lib/delivery/dispatch/lane.ts',
      'if (isTogether && isShared) pace',
      'if (isTogether) pace',
    ),
  },
  {
    name: 'hears of a limit of all only from businesses with several numbers',
    where: 'one-limit-for-50-businesses',
    changes: inFile('lib/delivery/dispatch/lane.ts', 'around?.throttledBelow(lane, now, wasWell);', ''),
  },
  {
    name: 'drives a number past its own limit',
    where: 'ten-numbers',
    changes: inFile('lib/delivery/dispatch/businesses.ts', 'if (number === undefined) return', 'return'),
  },
  {
    name: 'puts off for longer with every receive what was turned away',
    where: 'recovery-after-3600-seconds-refusing-connections',
    changes: inFile(
      'lib/delivery/deliver.ts',
      'const pause = isItsOwn ? undefined :',
      'const pause = true ? undefined :',
    ),
  },
  {
    name: 'keeps out of sight for hours what was turned away, and so in flight',
    where: 'behind-a-crowd',
    changes: inFile(
      'lib/delivery/retry-policy.ts',
      'Math.min(longestDelaySeconds, comeBackInSeconds)',
      'lifeSeconds / 2',
    ),
  },
  {
    name: 'puts off what it could send until it has expired',
    where: 'bursts-of-429',
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
      'await dispatch({ businessId, number, message: key, run, canFinish }, expiresAt)',
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
