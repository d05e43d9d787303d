import { outcomeOf } from '../../lib/connectly/answer.ts';
import { type VendorError, vendorErrors } from '../../lib/connectly/vendor-errors.ts';
import { nearest } from '../../lib/message/nearest.ts';
import { asIfUnclear, type Explanation, never, relayCodes } from './relay-codes.ts';

const retries = {
  refused: never,
  later: { retried: 'yes', retry: 'Every 15 to 20 minutes, until the message expires.' },
  configuration: {
    retried: 'yes',
    retry: 'Until the message expires; sending for this business pauses meanwhile.',
  },
  'turned-down': {
    retried: 'yes',
    retry:
      'After growing delays, until the message expires; when eight messages of a business meet it in a row, its sending pauses.',
  },
} as const;

/** Left out of the sender's table, which goes by the HTTP status instead. */
const unspecified: Explanation = {
  code: 'ERROR_CODE_UNSPECIFIED',
  from: 'connectly',
  meaning: 'Connectly failed, and says no more.',
  retried: 'depends',
  retry: 'As the HTTP status beside it says. In a delivery status: never.',
  remedy: 'Look at the HTTP status; quote the trace id to Connectly when it stays.',
  who: 'connectly',
};

/** Every code that has an explanation of its own, Connectly's first. `connectly-<HTTP status>` come besides. */
export function allExplanations(): Explanation[] {
  const vendors = Object.entries(vendorErrors).map(explainVendorError);
  const own = Array.from(relayCodes, ([code, entry]): Explanation => ({ code, from: 'relay', ...entry }));
  return [...vendors, unspecified, ...own];
}

function explainVendorError([code, { disposition, ...error }]: [string, VendorError]): Explanation {
  return { code, from: 'connectly', ...retries[disposition], ...error };
}

/** What a code means that this version knows; case and the kind of hyphen do not count. */
export function explainKnownCode(code: string): Explanation | undefined {
  const wanted = normal(code);
  return allExplanations().find((each) => normal(each.code) === wanted) ?? explainStatus(wanted);
}

/** What a code means, as it stands in a log or on a dead letter. Connectly's may be newer than this version. */
export function explainCode(code: string): Explanation | undefined {
  return explainKnownCode(code) ?? (normal(code).startsWith('error-code-') ? unknown(code) : undefined);
}

function unknown(code: string): Explanation {
  return {
    code: code.trim(),
    from: 'connectly',
    meaning: 'A code of Connectly that this version does not know: it went by the HTTP status beside it.',
    retried: 'depends',
    retry: 'As the HTTP status says: npx relay explain connectly-400, and the like.',
    remedy: 'Look the code up in the API documentation of Connectly; quote the trace id to Connectly.',
    who: 'connectly',
  };
}

/** The code that was probably meant. */
export function nearestCode(code: string): string | undefined {
  const codes = allExplanations().map((each) => each.code);
  const wanted = normal(code);
  return (
    codes.find((each) => normal(each) === `error-code-${wanted}`) ??
    nearest(code, codes) ??
    nearest(`ERROR_CODE_${code}`, codes)
  );
}

function normal(code: string): string {
  return code.trim().toLowerCase().replaceAll(/[_\s]/g, '-');
}

/** `connectly-<HTTP status>`, of an answer without a code that is known: classified by the sender itself. */
function explainStatus(code: string): Explanation | undefined {
  const status = Number(/^connectly-([1-5]\d\d)$/.exec(code)?.[1] ?? 0);
  if (status === 0) return undefined;
  const outcome = outcomeOf({ kind: 'answered', status, retryAfter: undefined, body: '' }, 0);
  const base = { code, from: 'relay' } as const;
  const answered = `Connectly answered ${status} without a code that is known`;
  switch (outcome.kind) {
    case 'refused':
      return {
        ...base,
        ...retries.refused,
        meaning: `${answered}: it finds the message malformed.`,
        remedy: 'Compare the message with its API documentation; quote the trace id to Connectly.',
        who: 'producer',
      };
    case 'unclear':
      return {
        ...base,
        ...asIfUnclear,
        meaning:
          status < 300
            ? `Connectly, or something in between, answered ${status} without a JSON object: nobody can know whether the message was accepted.`
            : `${answered}: nobody can know whether it accepted the message.`,
        remedy: 'Nothing, when it passes. A message that nobody can be sure of ends as outcome-unknown.',
        who: 'connectly',
      };
    case 'not-sent':
      return outcome.configurationFault === undefined
        ? {
            ...base,
            meaning: `${answered}: it has more to do than it can.`,
            retried: 'yes',
            retry: 'As Retry-After says, else after growing delays; until the message expires.',
            remedy: 'Nothing, when it is rare. Otherwise lower sendsPerSecond.',
            who: 'operator',
          }
        : {
            ...base,
            ...retries[outcome.configurationFault === 'request' ? 'turned-down' : 'configuration'],
            meaning: `${answered}: it refuses the API key, the business, the address, or this one message.`,
            remedy:
              'Check the API key secret, the business id and connectlyBaseUrl. Nothing is lost meanwhile.',
            who: 'operator',
          };
    case 'accepted':
      return {
        ...base,
        meaning: `Connectly answered ${status}: it accepted the message.`,
        retried: 'no',
        retry: 'Not needed.',
        remedy: 'Nothing.',
        who: 'producer',
      };
    case 'duplicate':
      return undefined;
  }
}
