import { Refusal } from '../../connectly-events/refusals.ts';
import type { Clock } from '../clock.ts';
import { type Answer, jsonAnswer, type Result, type Spoiling, type Verdict } from './answers.ts';
import type { RequestFault } from './fault-specs.ts';
import type { RequestOutcome } from './journal.ts';

interface Means {
  readonly clock: Clock;
  /** Carries the request out, or refuses it by the vendor's rules. */
  readonly carryOut: () => Result;
  readonly refuse: (refusal: Refusal) => Verdict;
  /** Called once, when it is known what is answered: `spoiling` says how the answer is spoiled on its way. */
  readonly conclude: (end: { outcome: RequestOutcome; answer: Answer; spoiling?: Spoiling }) => void;
}

/** Lets a fault strike one request. */
export function strike(fault: RequestFault, means: Means): void {
  if (fault.kind === 'slow') {
    const first = fault.accept ? means.carryOut() : undefined;
    means.clock.after(fault.delayMs, () => {
      const { answer, ...rest } = first ?? means.carryOut();
      means.conclude({ outcome: { ...rest, status: answer.status, fault: fault.name }, answer });
    });
    return;
  }
  const { accepted, messageId, answer, code } = fault.accept ? means.carryOut() : nothingDone(means);
  const end = (verdict: Verdict, spoiling?: Spoiling): void => {
    const status = spoiling !== undefined && isSilent(spoiling) ? null : verdict.answer.status;
    means.conclude({
      outcome: {
        status,
        code: status === null ? null : verdict.code,
        accepted,
        messageId,
        fault: fault.name,
      },
      answer: verdict.answer,
      ...(spoiling === undefined ? {} : { spoiling }),
    });
  };
  const usual: Verdict = { answer, code };
  switch (fault.kind) {
    case 'answer':
      end(madeUp(fault, means));
      return;
    case 'redirect':
      end({
        answer: { status: fault.status, headers: { location: fault.location }, body: '' },
        code: null,
      });
      return;
    case 'no-id':
      end({ answer: jsonAnswer(answer.status, {}), code: null });
      return;
    case 'garbage':
      end({ answer: { ...answer, body: '{"id": <html>' }, code: null });
      return;
    case 'empty':
      end({ answer: { ...answer, body: '' }, code: null });
      return;
    case 'hang':
    case 'reset':
    case 'close':
    case 'reset-mid-body':
    case 'endless':
      end(usual, { how: fault.kind });
      return;
    case 'drip':
      end(usual, { how: 'drip', intervalMs: fault.intervalMs, part: fault.part });
      return;
    case 'wrong-length':
      end(usual, { how: 'wrong-length', extraBytes: fault.extraBytes });
      return;
  }
}

function headersOf({
  headers,
  retryAfter,
}: Extract<RequestFault, { kind: 'answer' }>): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...Object.fromEntries(given),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  };
}

/** What is spoiled when nothing was carried out: the answer of a server that failed. */
function nothingDone(means: Means): Result {
  const verdict = means.refuse(new Refusal('ERROR_CODE_UNSPECIFIED'));
  return { ...verdict, accepted: false, messageId: null };
}

function isSilent({ how }: Spoiling): boolean {
  return how === 'hang' || how === 'reset' || how === 'close';
}

function madeUp(fault: Extract<RequestFault, { kind: 'answer' }>, means: Means): Verdict {
  const { status, code, body } = fault;
  const headers = headersOf(fault);
  const plain =
    code === undefined ? undefined : means.refuse(new Refusal(code, status === undefined ? {} : { status }));
  if (body === undefined && plain !== undefined) {
    return {
      answer: { ...plain.answer, headers: { ...plain.answer.headers, ...headers } },
      code: plain.code,
    };
  }
  const answer =
    typeof body === 'string' || body === undefined
      ? { status: status ?? 500, headers: { 'content-type': 'text/plain' }, body: body ?? '' }
      : jsonAnswer(status ?? 500, body);
  return { answer: { ...answer, headers: { ...answer.headers, ...headers } }, code: code ?? null };
}
