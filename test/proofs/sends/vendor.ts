import type { HttpClient, HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import type { Clock } from '../../../local/clock.ts';
import { type Injected, pickWeighted } from '../harness/simulated/faults.ts';
import type { Life } from '../harness/simulated/life.ts';
import { type VendorFault, vendorFaults, vendorWords } from './vendor-faults.ts';

export interface VendorOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly injected: Injected;
  /** Of all sends, from 0 to 1. */
  readonly faultShare: number;
  readonly isLiveKey: (key: string | undefined) => boolean;
  readonly onAccepted: (accepted: Acceptance) => void;
}

export interface Acceptance {
  /** Which message it was: each carries its own mark in its text. */
  readonly mark: string;
  readonly vendorId: string;
  /** What the request asked to have handed back. */
  readonly callbackData: unknown;
}

/** What Connectly has of one message. */
export interface VendorView {
  accepted: number;
  /** How many of its requests were answered in a way that leaves open what became of them. */
  unclear: number;
}

export interface Vendor {
  readonly requests: number;
  readonly byMark: ReadonlyMap<string, VendorView>;
  /** The way to it for one environment, which gives a request up after `deadlineMs`. */
  clientFor(life: Life, deadlineMs: number): HttpClient;
}

interface Failing {
  readonly mark: string;
  readonly body: string;
  readonly deadlineMs: number;
}

export const markPattern = /m-\d+-/;

/** Connectly below the HTTP layer: counts what it accepts, message by message, and what it answers wrongly. */
export function createVendor(options: VendorOptions): Vendor {
  const { clock, random, injected, faultShare, isLiveKey, onAccepted } = options;
  const byMark = new Map<string, VendorView>();
  let requests = 0;
  const pause = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  function viewOf(mark: string): VendorView {
    const view = byMark.get(mark) ?? { accepted: 0, unclear: 0 };
    byMark.set(mark, view);
    return view;
  }

  function accept(mark: string, body: string): string {
    const view = viewOf(mark);
    view.accepted += 1;
    const vendorId = `V${mark}${view.accepted}`;
    const json: unknown = JSON.parse(body);
    const callbackData =
      typeof json === 'object' && json !== null && 'callbackData' in json ? json.callbackData : undefined;
    onAccepted({ mark, vendorId, callbackData });
    return vendorId;
  }

  async function answer(request: HttpRequest, deadlineMs: number): Promise<HttpResult> {
    const { method, headers, body = '' } = request;
    await pause(5 + Math.floor(random() * 40));
    if (!isLiveKey(headers['X-API-Key'])) {
      injected.count('answer 401 for an old key');
      return { kind: 'answered', status: 401, retryAfter: undefined, body: `{"message":"${vendorWords}"}` };
    }
    if (method === 'GET')
      return { kind: 'answered', status: 200, retryAfter: undefined, body: '{"entity":[]}' };
    requests += 1;
    const mark = markPattern.exec(body)?.[0];
    if (mark === undefined) throw new Error('a request for a message that nobody queued');
    if (random() < faultShare) return fail(pickWeighted(vendorFaults, random), { mark, body, deadlineMs });
    await pause(20 + Math.floor(random() * 200));
    const vendorId = accept(mark, body);
    await pause(10 + Math.floor(random() * 50));
    return { kind: 'answered', status: 201, retryAfter: undefined, body: JSON.stringify({ id: vendorId }) };
  }

  async function fail(fault: VendorFault, { mark, body, deadlineMs }: Failing): Promise<HttpResult> {
    injected.count(`${fault.isUnclear ? 'unclear' : 'answer'} ${fault.name}`);
    if (fault.isUnclear) viewOf(mark).unclear += 1;
    if (fault.accepts) accept(mark, body);
    await pause(10 + Math.floor(random() * 80));
    switch (fault.answer) {
      case 'not-connected':
        return { kind: 'not-sent', reason: 'ECONNREFUSED' };
      case 'reset':
        return { kind: 'no-answer', reason: 'ECONNRESET' };
      case 'hang':
        await pause(deadlineMs);
        return { kind: 'no-answer', reason: 'deadline-passed' };
      default: {
        const { status, body: text = '', retryAfter } = fault.answer;
        return { kind: 'answered', status, body: text, retryAfter: header(retryAfter) };
      }
    }
  }

  function header(form: 'seconds' | 'date' | 'nonsense' | undefined): string | undefined {
    const seconds = Math.floor(random() * 120);
    switch (form) {
      case 'seconds':
        return String(seconds);
      case 'date':
        return new Date(clock.now() + seconds * 1000).toUTCString();
      case 'nonsense':
        return 'soon';
      case undefined:
        return undefined;
    }
  }

  return {
    get requests() {
      return requests;
    },
    byMark,
    clientFor: (life, deadlineMs) => ({
      request: (request) => life.call(() => answer(request, deadlineMs)),
    }),
  };
}
