import { signWith } from './draft.ts';
import { isRecord } from './envelope.ts';
import type { Findings } from './findings.ts';
import { type CreateReceiver, createRig, type PublishedEvent } from './receiver.ts';
import { sqsRefusal } from './sqs-rules.ts';

const secret = 's3cr3t';

/**
 * Sends one event for each code point from `first` to `last`, with the character in every place where the relay
 * touches text: as it is, escaped, in an id, in a topic and in both halves of our wrapper, where an id may hold the
 * character. It must come back equal.
 */
export async function sweepCodePoints(options: {
  readonly createReceiver: CreateReceiver;
  readonly findings: Findings;
  readonly first: number;
  readonly last: number;
  readonly onProgress?: (done: number) => void;
}): Promise<{ readonly codePoints: number }> {
  const { findings, first, last } = options;
  const rig = createRig(options.createReceiver);

  for (let codePoint = first; codePoint <= last; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    const body = eventWith(character);
    const { status, published } = await rig.pass(
      { headers: { 'x-connectly-hmac-sha256': signWith(secret, body) }, body, isBase64Encoded: false },
      [secret],
    );
    const [event] = published;
    const problem = event === undefined ? `answered ${status ?? 'nothing'}` : problemOf(event, character);
    if (problem !== undefined) {
      findings.add(
        'code points lost',
        `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}: ${problem}`,
      );
    }
    const done = codePoint - first + 1;
    if (done % 1000 === 0) options.onProgress?.(done);
  }
  return { codePoints: last - first + 1 };
}

/** The ids of sends are printable ASCII: with another character in it, the wrapper would be none of ours. */
function sendIdWith(character: string): string {
  return /^[ -~]$/.test(character) ? character : 'order-42';
}

function eventWith(character: string): string {
  // JSON.stringify escapes what cannot stand in JSON as it is: controls, quotes and halves of surrogate pairs.
  const asItIs = JSON.stringify(character);
  const escaped = `"${escapeAll(character)}"`;
  return (
    `{"topic":${asItIs},"message":{"id":${asItIs},"text":${asItIs},"escaped":${escaped},${asItIs}:1},` +
    `"callbackData":{"relay":{"v":1,"id":${JSON.stringify(sendIdWith(character))}},"data":[${asItIs},${escaped}]}}`
  );
}

function problemOf({ id, topic, body }: PublishedEvent, character: string): string | undefined {
  const refusal = sqsRefusal(body, { topic, eventId: id });
  if (refusal !== undefined) return `SQS refuses it: ${refusal}`;
  const envelope = parse(body);
  if (!isRecord(envelope) || !isRecord(envelope['event'])) return 'the envelope holds no event';
  const { message } = envelope['event'];
  if (!isRecord(message) || message['text'] !== character) return 'the text differs';
  if (message['escaped'] !== character) return 'the escaped text differs';
  if (message[character] !== 1) return 'the member’s name differs';
  if (envelope['sendId'] !== sendIdWith(character)) return 'sendId differs';
  const data = envelope['callbackData'];
  const isSame = Array.isArray(data) && data.length === 2 && data.every((item) => item === character);
  return isSame ? undefined : 'callbackData differs';
}

function escapeAll(text: string): string {
  let escaped = '';
  for (let index = 0; index < text.length; index++) {
    escaped += `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
