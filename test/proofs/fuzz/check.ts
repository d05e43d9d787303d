import { carries, type Envelope, isRecord, mustBeSpliced, possibleBytes, readEnvelope } from './envelope.ts';
import type { Findings } from './findings.ts';
import { couldBeSignature, isSigned, signatureOf, type Verdict } from './oracle.ts';
import type { Passage, PublishedEvent } from './receiver.ts';
import type { FuzzedRequest } from './request.ts';
import { sqsRefusal } from './sqs-rules.ts';

/** Holds one request's passage against the oracle's verdict. `where` says how to see the request again. */
export function checkPassage(options: {
  readonly fuzzed: FuzzedRequest;
  readonly verdict: Verdict;
  readonly passage: Passage;
  readonly findings: Findings;
  readonly where: string;
}): void {
  const { fuzzed, verdict, passage, findings } = options;
  const where = `${options.where} (${fuzzed.mutation})`;
  const { status, error, published } = passage;

  if (status === undefined) findings.add('crashes', `${where}: ${error ?? ''}`);
  else if (status >= 500) findings.add('answers of 5xx to bad input', `${where}: ${status}`);
  else checkStatus(status);

  if (status === 200 && published.length !== 1) {
    findings.add('answered 200 without queueing once', `${where}: queued ${published.length} times`);
  }
  if (status !== 200 && published.length > 0) {
    findings.add('queued without answering 200', `${where}: ${status ?? 'no answer'}`);
  }
  const signature = signatureOf(fuzzed.request.headers);
  if (passage.secretReads > 0 && (signature === undefined || !couldBeSignature(signature))) {
    findings.add('secrets read for a malformed signature', where);
  }
  for (const event of published) checkEvent(event);

  function checkStatus(answered: number): void {
    switch (verdict.kind) {
      case 'accept':
        if (answered !== 200) findings.add('valid requests refused', `${where}: ${answered}`);
        return;
      case 'refuse':
        if (answered === 200) findings.add('forgeries accepted', where);
        else if (answered !== 401) findings.add('other wrong answers', `${where}: ${answered}, not 401`);
        return;
      case 'too-large':
        if (answered !== 413) findings.add('other wrong answers', `${where}: ${answered}, not 413`);
        return;
      case 'unspecified':
        if (![200, 401, 413].includes(answered)) {
          findings.add('other wrong answers', `${where}: ${answered}, not 200, 401 or 413`);
        }
        return;
      default:
        verdict satisfies never;
    }
  }

  function checkEvent(event: PublishedEvent): void {
    const refusal = sqsRefusal(event.body, { topic: event.topic, eventId: event.id });
    if (refusal !== undefined) findings.add('queued bodies that SQS refuses', `${where}: ${refusal}`);
    const envelope = readEnvelope(event.body);
    if (typeof envelope === 'string') {
      findings.add('vendor bytes changed', `${where}: ${envelope}`);
      return;
    }
    const problem = problemOfFields(envelope, event, passage.receivedAt);
    if (problem !== undefined)
      findings.add('envelopes with a wrong id, topic or time', `${where}: ${problem}`);
    if (verdict.kind === 'accept') {
      if (!carries(envelope, verdict.bytes)) findings.add('vendor bytes changed', where);
      else if (envelope.kind === 'raw' && mustBeSpliced(verdict.bytes)) {
        findings.add('vendor bytes changed', `${where}: readable JSON was queued as base64`);
      }
    }
    if (verdict.kind === 'unspecified') {
      const signed = possibleBytes(envelope).some((bytes) =>
        isSigned(bytes, verdict.signature, fuzzed.secrets),
      );
      if (!signed) findings.add('forgeries accepted', where);
    }
  }
}

const knownMembers = new Set(['id', 'topic', 'receivedAt', 'sendId', 'callbackData', 'event', 'raw']);

/** What is wrong with the envelope's own members; ids and topics are looked at where there is no doubt about them. */
function problemOfFields(envelope: Envelope, event: PublishedEvent, receivedAt: number): string | undefined {
  const { fields } = envelope;
  if (fields['id'] !== event.id) return 'the attribute and the envelope name different ids';
  if (fields['topic'] !== event.topic) return 'the attribute and the envelope name different topics';
  if (fields['receivedAt'] !== new Date(receivedAt).toISOString()) return 'receivedAt is wrong';
  const unknown = Object.keys(fields).find((name) => !knownMembers.has(name));
  if (unknown !== undefined) return `there is a member ${unknown}`;

  const vendor = fields['event'];
  const status = member(vendor, 'statusUpdate');
  const [id, state] = [plain(member(status, 'id')), plain(member(status, 'status'))];
  if (id !== undefined && state !== undefined && event.id !== `${id}:${state}`)
    return 'the id is not id:status';
  const topic = plain(member(vendor, 'topic'));
  if (topic !== undefined && event.topic !== topic) return 'the topic is not the event’s';
  const relay = member(member(vendor, 'callbackData'), 'relay');
  const sendId = member(relay, 'v') === 1 ? plain(member(relay, 'id')) : undefined;
  if (sendId !== undefined && fields['sendId'] !== sendId) return 'sendId is not the one in callbackData';
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function plain(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined;
}
