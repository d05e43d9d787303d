/**
 * One kind of faulty answer. `accepts`: whether Connectly has the message all the same. `isUnclear`: whether the answer
 * leaves that open for whoever gets it.
 */
export interface VendorFault {
  readonly name: string;
  readonly weight: number;
  readonly accepts: boolean;
  readonly isUnclear: boolean;
  readonly answer: FaultyAnswer;
}

export type FaultyAnswer =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: 'seconds' | 'date' | 'nonsense' }
  | 'not-connected'
  | 'reset'
  | 'hang';

/** Words that must never be repeated anywhere: they stand for what Connectly may say about a customer. */
export const vendorWords = 'canary vendor words about Ana';

function problem(code: string): string {
  return JSON.stringify({ code, message: vendorWords, details: [vendorWords], cntTraceId: '4711' });
}

const clear = (name: string, weight: number, answer: FaultyAnswer): VendorFault => {
  return { name, weight, accepts: false, isUnclear: false, answer };
};
const unclear = (name: string, weight: number, accepts: boolean, answer: FaultyAnswer): VendorFault => {
  return { name, weight, accepts, isUnclear: true, answer };
};
const odd = (name: string, weight: number, answer: FaultyAnswer): VendorFault => {
  return { name, weight, accepts: true, isUnclear: false, answer };
};

/** What stops everybody at once stays rare: every one of these keeps an environment from sending for a while. */
const rare = 0.03;

export const vendorFaults: readonly VendorFault[] = [
  clear('429', 4, { status: 429, body: problem('ERROR_CODE_UNSPECIFIED') }),
  clear('429 with seconds', 4, { status: 429, retryAfter: 'seconds' }),
  clear('429 with a date', 4, { status: 429, retryAfter: 'date' }),
  clear('503 with seconds', 4, { status: 503, retryAfter: 'seconds' }),
  clear('503 with a date', 4, { status: 503, retryAfter: 'date' }),
  clear('connection refused', 5, 'not-connected'),
  clear('opted out', 4, { status: 400, body: problem('ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT') }),
  clear('window passed', 4, {
    status: 403,
    body: problem('ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW'),
  }),
  clear('unknown code', 4, { status: 422, body: problem('ERROR_CODE_OF_TOMORROW') }),
  clear('400 of garbage', 4, { status: 400, body: '<html>no' }),
  clear('limits reached', 4, { status: 400, body: problem('ERROR_CODE_BUSINESS_REACHED_LIMITS') }),
  unclear('500', 4, false, { status: 500 }),
  unclear('500 that accepted', 4, true, { status: 500, body: problem('ERROR_CODE_UNSPECIFIED') }),
  unclear('502', 4, false, { status: 502, body: '<html>Bad Gateway' }),
  unclear('504 that accepted', 4, true, { status: 504, body: '<html>Gateway Timeout' }),
  unclear('503', 4, false, { status: 503 }),
  unclear('503 with nonsense, accepted', 4, true, { status: 503, retryAfter: 'nonsense' }),
  unclear('520 that accepted', 3, true, { status: 520 }),
  unclear('408', 3, false, { status: 408 }),
  unclear('408 that accepted', 3, true, { status: 408, retryAfter: 'seconds' }),
  unclear('reset', 4, false, 'reset'),
  unclear('reset after accepting', 4, true, 'reset'),
  unclear('silence', 3, false, 'hang'),
  unclear('silence after accepting', 3, true, 'hang'),
  odd('success without an id', 4, { status: 200, body: '{}' }),
  unclear('success of garbage, accepted', 4, true, { status: 200, body: 'OK\u0000<' }),
  unclear('success that broke off, accepted', 4, true, { status: 201, body: '' }),
  unclear('success with a code that says nothing, accepted', 4, true, {
    status: 200,
    body: problem('ERROR_CODE_UNSPECIFIED'),
  }),
  unclear('success as a page of a proxy', 4, false, { status: 200, body: '<html>Please log in' }),
  clear('opted out, as a success', 4, {
    status: 200,
    body: problem('ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT'),
  }),
  clear('302', rare, { status: 302 }),
  clear('401', rare, { status: 401, body: problem('ERROR_CODE_UNSPECIFIED') }),
  clear('403', rare, { status: 403 }),
  clear('404', rare, { status: 404, body: 'nothing here' }),
  clear('key secret absent', rare, { status: 400, body: problem('ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT') }),
];
