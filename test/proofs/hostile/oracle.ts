// What an answer deserves, by what its server had sent before it broke. Written from the documentation, not from the
// code under test, and never parses: whoever made an answer knows where its parts end.
import { type Verdict, vendorId } from './task.ts';

export interface Answer {
  /** Whole interim answers before it. */
  readonly interim?: string;
  readonly status: number;
  readonly headers?: readonly string[];
  /** What a whole body says. */
  readonly says?: 'id' | 'refused-code' | 'unknown-code' | 'nothing';
  readonly framing: 'length' | 'chunked' | 'until-close';
  readonly retryAfter?: boolean;
}

/** How a server leaves: in good order, with a reset, or not at all, so that the deadline ends it. */
export type Ending = 'end' | 'reset' | 'hold';

export interface Encoded {
  readonly bytes: Buffer;
  /** Where the final head is whole. */
  readonly headEnd: number;
}

const bodies = {
  id: `{"id":"${vendorId}"}`,
  'refused-code': '{"code":"ERROR_CODE_MESSAGE_TEXT_EMPTY","message":"words of the vendor"}',
  'unknown-code': '{"code":"ERROR_CODE_OF_TOMORROW","message":"words of the vendor"}',
  nothing: '{"message":"words of the vendor"}',
} as const;

export function encode({
  interim = '',
  status,
  headers = [],
  says = 'nothing',
  framing,
  retryAfter,
}: Answer): Encoded {
  const body = bodies[says];
  const fields = [
    'Content-Type: application/json',
    ...headers,
    ...(retryAfter ? ['Retry-After: 7'] : []),
    ...(framing === 'length' ? [`Content-Length: ${body.length}`] : []),
    ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
  ];
  const head = `${interim}HTTP/1.1 ${status} Words\r\n${fields.join('\r\n')}\r\n\r\n`;
  const half = Math.ceil(body.length / 2);
  const wrapped =
    framing === 'chunked' ? `${chunkOf(body.slice(0, half))}${chunkOf(body.slice(half))}0\r\n\r\n` : body;
  return { bytes: Buffer.from(head + wrapped, 'latin1'), headEnd: head.length };
}

function chunkOf(part: string): string {
  return `${part.length.toString(16)}\r\n${part}\r\n`;
}

/**
 * What a send may come to whose server wrote the first `sent` bytes of an answer and left like that. Before the head is
 * whole nothing is known; from then on the status decides, and the body says more only when it is known to be whole.
 */
export function verdictsOn(
  answer: Answer,
  { bytes, headEnd }: Encoded,
  sent: number,
  ending: Ending,
): readonly Verdict[] {
  if (sent < headEnd) return ['unclear'];
  const short = verdictOnStatus(answer, 'cut off');
  if (sent < bytes.length) return [short];
  const whole = verdictOnStatus(answer, answer.says ?? 'nothing');
  // Whatever takes the place of the end that makes it whole comes after all of its bytes.
  if (answer.framing === 'until-close' && ending !== 'end') return [short, whole];
  // The second request, with the renewed key, may meet a connection that is just being closed.
  return answer.status === 401 && ending !== 'hold' ? [whole, 'unclear'] : [whole];
}

function verdictOnStatus({ status, retryAfter }: Answer, says: Answer['says'] | 'cut off'): Verdict {
  if (status >= 200 && status <= 299) return verdictOn2xx(says);
  if (status === 503 && retryAfter) return 'not sent';
  if (status === 408 || status >= 500) return 'unclear';
  if (says === 'refused-code') return 'refused by its code';
  if (status === 425 || status === 429) return 'not sent';
  if (status === 401) return 'configuration fault';
  if (status <= 399 || [402, 403, 404, 407].includes(status)) return 'turned down';
  if (says === 'unknown-code') return 'refused by its code';
  return [400, 409, 413, 422].includes(status) ? 'refused' : 'turned down';
}

/** A yes needs a body of Connectly's, and one with a code that it documents is a no. */
function verdictOn2xx(says: Answer['says'] | 'cut off'): Verdict {
  switch (says) {
    case 'id':
      return 'accepted';
    case 'refused-code':
      return 'refused by its code';
    case 'unknown-code':
    case 'cut off':
      return 'unclear';
    case 'nothing':
    case undefined:
      return 'accepted without an id';
  }
}
