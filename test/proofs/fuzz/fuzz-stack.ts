import { fingerprintOf, readEnvelope } from './envelope.ts';
import type { Findings } from './findings.ts';
import { judgeWire, type WireVerdict } from './oracle.ts';
import { sqsRefusal } from './sqs-rules.ts';
import { makeWireRequest, sendWireRequest, type WireRequest } from './wire.ts';

/** A running relay: somewhere to post webhooks, and the queue on which their events arrive. */
export interface StackUnderTest {
  readonly webhookUrl: string;
  /** All of them live. */
  readonly secrets: readonly string[];
  /** Takes everything off the events queue that is on it now. */
  drainEvents(): Promise<readonly DrainedEvent[]>;
  close(): Promise<void>;
}

export interface DrainedEvent {
  readonly body: string;
  /** The message attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface StackReport {
  readonly requests: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly events: number;
}

/** So many requests are sent before the queue is looked at. */
const batchSize = 500;

/** As many as the stack lets functions run at once. */
const connections = 4;

/** Sends fuzzed requests to a running stack over sockets, and judges it by its answers and by what it queued. */
export async function fuzzStack(options: {
  readonly stack: StackUnderTest;
  readonly findings: Findings;
  readonly seed: number;
  readonly requests: number;
  readonly onProgress?: (done: number) => void;
}): Promise<StackReport> {
  const { stack, findings, seed } = options;
  const url = new URL(stack.webhookUrl);
  const route = { method: 'POST', path: url.pathname };
  const verdicts: Record<string, number> = { accept: 0, refuse: 0, 'too-large': 0, 'not-found': 0 };
  const idOf = new Map<string, string>();
  let events = 0;
  let done = 0;

  for (let start = 0; start < options.requests; start += batchSize) {
    const accepted = new Map<string, number>();
    const end = Math.min(start + batchSize, options.requests);
    let next = start;
    async function worker(): Promise<void> {
      while (next < end) {
        await passOne(next++, accepted);
        done++;
        options.onProgress?.(done);
      }
    }
    await Promise.all(Array.from({ length: connections }, worker));

    const drained = await stack.drainEvents();
    events += drained.length;
    for (const event of drained) checkEvent(event, accepted);
    for (const [fingerprint, missing] of accepted) {
      for (let left = missing; left > 0; left--) {
        findings.add('answered 200 without queueing once', `through the stack: ${fingerprint.slice(0, 200)}`);
      }
    }
  }
  return { requests: done, verdicts, events };

  async function passOne(index: number, accepted: Map<string, number>): Promise<void> {
    const wire = makeWireRequest({ seed, index, path: route.path, secrets: stack.secrets });
    const where = `request ${index} of seed ${seed} through the stack (${wire.mutation})`;
    const verdict = judgeWire(wire, route, stack.secrets);
    verdicts[verdict.kind] = (verdicts[verdict.kind] ?? 0) + 1;
    const status = await statusOf(wire, where);
    if (status === undefined) return;
    checkStatus(status, verdict, where);
    if (status !== 200 || verdict.kind !== 'accept') return;
    const fingerprint = fingerprintOf(verdict.bytes);
    accepted.set(fingerprint, (accepted.get(fingerprint) ?? 0) + 1);
  }

  async function statusOf(wire: WireRequest, where: string): Promise<number | undefined> {
    try {
      return await sendWireRequest(Number(url.port), wire);
    } catch (error) {
      findings.add('crashes', `${where}: ${String(error)}`);
      return undefined;
    }
  }

  function checkStatus(status: number, verdict: WireVerdict, where: string): void {
    const wanted = { accept: 200, refuse: 401, 'too-large': 413, 'not-found': 404 }[verdict.kind];
    if (status === wanted) return;
    if (status >= 500) findings.add('answers of 5xx to bad input', `${where}: ${status}`);
    else if (status === 200) findings.add('forgeries accepted', where);
    else if (wanted === 200) findings.add('valid requests refused', `${where}: ${status}`);
    else findings.add('other wrong answers', `${where}: ${status}, not ${wanted}`);
  }

  function checkEvent({ body, attributes }: DrainedEvent, accepted: Map<string, number>): void {
    const where = `through the stack: ${body.slice(0, 200)}`;
    const refusal = sqsRefusal(body, attributes);
    if (refusal !== undefined) findings.add('queued bodies that SQS refuses', `${where}: ${refusal}`);
    const envelope = readEnvelope(body);
    if (typeof envelope === 'string') {
      findings.add('vendor bytes changed', `${where}: ${envelope}`);
      return;
    }
    const fingerprint =
      envelope.kind === 'raw' ? fingerprintOf(Buffer.from(envelope.raw, 'base64')) : envelope.text;
    const expected = accepted.get(fingerprint) ?? 0;
    // What nobody was told is queued is a forgery, a changed event or a second copy: in each case not what was signed.
    if (expected === 0) findings.add('queued without answering 200', where);
    accepted.set(fingerprint, Math.max(0, expected - 1));

    const { id, topic } = envelope.fields;
    if (typeof id !== 'string' || id !== attributes['eventId'] || topic !== attributes['topic']) {
      findings.add('envelopes with a wrong id, topic or time', where);
      return;
    }
    if ((idOf.get(fingerprint) ?? id) !== id) findings.add('ids that differ for the same bytes', where);
    idOf.set(fingerprint, id);
  }
}
