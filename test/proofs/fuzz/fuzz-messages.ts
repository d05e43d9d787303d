import { type Figure, none } from '../harness/figures.ts';
import { changedBuiltIns, snapshotBuiltIns } from './built-ins.ts';
import { isRecord } from './envelope.ts';
import type { Findings } from './findings.ts';
import { type Judges } from './message-judges.ts';
import { makeMessage } from './messages.ts';

export interface MessagesReport {
  readonly messages: number;
  readonly valid: number;
  readonly refused: number;
  /** Bodies that are several messages in a file, and none on a queue. */
  readonly several: number;
  /** Valid for the sender, which leaves them to Connectly; refused by the fake. */
  readonly leftToConnectly: number;
}

/** Has every judge look at every message. None may throw, and all must come to one verdict. */
export function fuzzMessages(options: {
  readonly judges: Judges;
  readonly findings: Findings;
  readonly seed: number;
  readonly messages: number;
  readonly onProgress?: (done: number) => void;
  readonly stopAtFirst?: boolean;
}): MessagesReport {
  const { judges, findings, seed } = options;
  const before = snapshotBuiltIns();
  const counts = { valid: 0, refused: 0, several: 0, leftToConnectly: 0 };
  let index = 0;
  for (; index < options.messages; index++) {
    if (options.stopAtFirst && findings.total() > 0) break;
    const where = `message ${index} of seed ${seed}`;
    try {
      judgeOne(makeMessage(seed, index), where);
    } catch (error) {
      findings.add('judges that throw', `${where}: ${String(error)}`);
    }
    if (index % 1000 === 999) options.onProgress?.(index + 1);
  }
  for (const change of changedBuiltIns(before)) findings.add('changed built-in objects', change);
  return { messages: index, ...counts };

  function judgeOne(body: string, where: string): void {
    const queuedAt = Date.now();
    const request = judges.sender(body, queuedAt);
    const validated = judges.validate(Buffer.from(body), queuedAt);
    const isValid = request !== undefined;
    if (validated === undefined) counts.several++;
    else if (isValid) counts.valid++;
    else counts.refused++;
    if ((validated ?? false) !== isValid) {
      findings.add('verdicts that differ', `${where}: the sender ${isValid}, validate ${validated}`);
    }
    // Whoever has the key can send Connectly anything.
    const json = parsed(body);
    judges.fake({ path: '/send/messages', json });
    judges.fake({ path: '/send/whatsapp_templated_messages', json });
    if (request === undefined) return;
    const sent = parsed(JSON.stringify(request.body));
    const refusal = judges.fake({ path: request.path, json: sent });
    if (refusal === undefined) return;
    if (isLeftToConnectly(sent)) counts.leftToConnectly++;
    else findings.add('requests of valid messages that the fake refuses', `${where}: ${refusal}`);
  }
}

const knownContent = new Set([
  'id',
  'text',
  'attachments',
  'location',
  'listMessage',
  'replyButtonMessage',
  'singleProductMessage',
  'multiProductMessage',
]);

/**
 * What Connectly may have added since its documentation was read travels on: other channels, other kinds of content, and
 * text beside an attachment or a place.
 */
function isLeftToConnectly(request: unknown): boolean {
  if (!isRecord(request)) return false;
  const { recipient, message } = request;
  if (isRecord(recipient) && !['whatsapp', 'sms'].includes(String(recipient['channelType']))) return true;
  if (!isRecord(message)) return false;
  const isNew = Object.keys(message).some((name) => !knownContent.has(name));
  return isNew || ('text' in message && ('attachments' in message || 'location' in message));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** From so many messages on, each verdict is certain to come up. */
const enoughForEveryVerdict = 1000;

export function verdictsOf({ messages, valid, refused, several }: MessagesReport): readonly Figure[] {
  if (messages < enoughForEveryVerdict) return [];
  return [
    { name: 'percent of messages that are valid', value: Math.round((100 * valid) / messages), atLeast: 25 },
    none('verdicts that never came up', [refused, several].filter((seen) => seen === 0).length),
  ];
}
