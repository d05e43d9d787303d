import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { explainCode } from '../explain/explain-code.ts';
import { codePattern } from '../explain/relay-codes.ts';
import { present } from '../present.ts';
import type { Target } from '../target/target.ts';
import { ageInWords } from '../terminal/duration.ts';
import { type LogEvent, type ReadOptions, readLog } from './function-log.ts';
import { logLineSchema } from './log-line.ts';

/**
 * Sending that pauses because of what Connectly answers, as the log of send-message tells it. The log names no business:
 * one entry stands for all businesses that pause.
 */
export const pauseSchema = z.strictObject({
  /** What pauses: all that is sent, or what is sent for a business. */
  code: z.enum(['sending-paused', 'business-paused']),
  since: z.iso.datetime(),
  /** The code of the outcome that it pauses for. */
  cause: z.string(),
  /** What the cause means, and what to do. Absent for a code that nobody has explained. */
  meaning: z.string().optional(),
  remedy: z.string().optional(),
  /** When one message may be tried again. In the past, the next message that is due is the try. */
  nextTryAt: z.iso.datetime(),
  /** When the log said so last. */
  saidAt: z.iso.datetime(),
});

export type SendingPause = z.infer<typeof pauseSchema>;

/**
 * How far back the log is read, in milliseconds. While messages wait, one is turned away or tried with each try of a gate,
 * every two minutes or so.
 */
const lookBackMs = 10 * 60_000;

/** The lines that have these as their code: `paused`, `resumed` and `untouched`. */
const pausePattern = '{ $.code = "sending-paused" || $.code = "business-paused" }';
const acceptedPattern = '{ $.result = "accepted" }';

const pauseLineSchema = logLineSchema.pick({ nextTryAt: true }).extend({
  cause: z.string().regex(codePattern).optional(),
  event: z.enum(['paused', 'resumed', 'untouched']),
  code: pauseSchema.shape.code,
  since: pauseSchema.shape.since,
});

const acceptedSchema = z.object({ event: z.literal('attempt'), result: z.literal('accepted') });

export interface PauseSearch {
  readonly read: (
    options: Pick<ReadOptions, 'from' | 'pattern'>,
  ) => AsyncIterable<Pick<LogEvent, 'at' | 'message'>>;
  /** Both in epoch milliseconds. */
  readonly now: number;
  /** What was logged before does not count; ten minutes ago unless given. */
  readonly from?: number;
}

/** What the log of a stage's send-message says of pauses. A log that is not there says nothing. */
export function pausesOf(
  target: Target,
  { signal, ...search }: Omit<PauseSearch, 'read'> & Pick<ReadOptions, 'signal'>,
): Promise<SendingPause[]> {
  return findPauses({
    ...search,
    read: (options) => readLog(target, { ...options, of: 'send-message', mayBeMissing: true, signal }),
  });
}

/** A gate of one environment, while it is closed: `since` tells it from all others. */
interface ClosedGate extends Pick<SendingPause, 'code' | 'since' | 'cause' | 'nextTryAt'> {
  /** Epoch milliseconds. */
  readonly saidAt: number;
}

/**
 * The pauses that last, that of all sending first. Each environment of the function has gates of its own. Sending pauses
 * for all when a gate says so, and none has opened later and no message was accepted later. For a business nothing but the
 * same gate counts: what goes well may be another's.
 */
export async function findPauses({
  read,
  now,
  from = now - lookBackMs,
}: PauseSearch): Promise<SendingPause[]> {
  const gates = new Map<string, ClosedGate>();
  const opened = new Set<string>();
  let allWentOnAt = -Infinity;
  for await (const { at: saidAt, message } of read({ from, pattern: pausePattern })) {
    const line = pauseLineSchema.safeParse(parseJson(message)).data;
    if (line === undefined) continue;
    const { event, code, since, cause, nextTryAt } = line;
    const id = `${code} ${since}`;
    if (event === 'resumed') {
      opened.add(id);
      if (code === 'sending-paused') allWentOnAt = Math.max(allWentOnAt, saidAt);
    } else if (cause !== undefined && nextTryAt !== undefined) {
      const known = gates.get(id);
      // A batch tells at its end what happened before: the later try is the newer word.
      const newest = known !== undefined && known.nextTryAt > nextTryAt ? known : { cause, nextTryAt };
      gates.set(id, { code, since, cause: newest.cause, nextTryAt: newest.nextTryAt, saidAt });
    }
  }
  const closed = [...gates].filter(([id]) => !opened.has(id)).map(([, gate]) => gate);
  const ofAll = closed.filter(({ code, saidAt }) => code === 'sending-paused' && saidAt > allWentOnAt);
  const ofBusinesses = closed.filter(({ code }) => code === 'business-paused');
  const lasts = ofAll.length > 0 && !(await isAccepted(read, newestOf(ofAll)));
  return [
    ...(lasts ? [together(ofAll, now)] : []),
    ...(ofBusinesses.length > 0 ? [together(ofBusinesses, now)] : []),
  ];
}

/** Whether a message was accepted after that. */
async function isAccepted(read: PauseSearch['read'], { saidAt }: ClosedGate): Promise<boolean> {
  for await (const { message } of read({ from: saidAt + 1, pattern: acceptedPattern }))
    if (acceptedSchema.safeParse(parseJson(message)).success) return true;
  return false;
}

function newestOf(gates: readonly ClosedGate[]): ClosedGate {
  return gates.reduce((one, other) => (other.saidAt >= one.saidAt ? other : one));
}

/** Gates that keep back the same, as one: since the first of them, until the first that tries. */
function together(gates: readonly ClosedGate[], now: number): SendingPause {
  const { code, cause, saidAt } = newestOf(gates);
  const { meaning, remedy } = explainCode(cause) ?? {};
  const tries = gates.map(({ nextTryAt }) => nextTryAt).toSorted();
  const firstAhead = tries.find((each) => Date.parse(each) > now);
  return present({
    code,
    since: gates.map(({ since }) => since).toSorted()[0] ?? '',
    cause,
    meaning,
    remedy,
    nextTryAt: firstAhead ?? tries.at(-1) ?? '',
    saidAt: new Date(saidAt).toISOString(),
  });
}

/** A pause as one sentence or two: of what, since when, why, and when it is tried again. `now` in epoch milliseconds. */
export function pauseInWords({ code, since, cause, nextTryAt }: SendingPause, now: number): string {
  const what = code === 'sending-paused' ? 'for all' : 'for one business or more';
  const nextTry = Date.parse(nextTryAt);
  const when = nextTry > now ? ageInWords(nextTry, now) : 'with the next message that is due';
  return `Sending pauses ${what}, since ${since} (${ageInWords(Date.parse(since), now)}), because of ${cause}. The next try is ${when}.`;
}
