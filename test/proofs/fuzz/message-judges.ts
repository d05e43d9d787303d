// Three judge a message, none of which knows the others: the sender, `relay validate`, and the fake Connectly, which sees
// what the sender would send.

import { CommandError } from '../../../cli/errors.ts';
import { judgeMessages } from '../../../cli/validate/judge-messages.ts';
import { Refusal } from '../../../connectly-events/refusals.ts';
import { type SendRequest, toSendRequest } from '../../../lib/connectly/requests.ts';
import { decode } from '../../../lib/delivery/decode.ts';
import { FieldError } from '../../../local/connectly/fields.ts';
import { readSessionMessage } from '../../../local/connectly/session-message.ts';
import { readTemplatedMessage } from '../../../local/connectly/templated-message.ts';

export interface Judges {
  /** The request that a message becomes; undefined for one that is refused. */
  readonly sender: (body: string, queuedAt: number) => SendRequest | undefined;
  /** Whether `relay validate` calls a file with these bytes one valid message; undefined where it sees several. */
  readonly validate: (bytes: Buffer, queuedAt: number) => boolean | undefined;
  /** Why the fake refuses a request; undefined when it takes it. */
  readonly fake: (request: { readonly path: string; readonly json: unknown }) => string | undefined;
}

export const judges: Judges = {
  sender(body, queuedAt) {
    const queued = {
      body,
      originalId: 'sqs-1',
      expiresAt: undefined,
      isCopy: false,
      queuedAt,
      receiveCount: 1,
    };
    const decoded = decode(queued, { businessId: 'business-1', ifUnclear: 'hold', onlyTo: undefined });
    return decoded.ok ? toSendRequest(decoded.sendable.message, undefined) : undefined;
  },
  validate(bytes, queuedAt) {
    try {
      const { messages, invalid } = judgeMessages(bytes, { name: 'stdin', queuedAt });
      return messages === 1 ? invalid.length === 0 : undefined;
    } catch (error) {
      if (error instanceof CommandError) return false;
      throw error;
    }
  },
  fake({ path, json }) {
    try {
      if (path === '/send/messages') readSessionMessage(json);
      else readTemplatedMessage(json);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return `${error.code}: ${error.message}`;
      if (error instanceof FieldError) return error.message;
      throw error;
    }
  },
};
