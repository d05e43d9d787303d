/** The body of every error, and of `statusUpdate.error`. */
export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly userTitle: string;
  readonly userMessage: string;
  /** Decimal digits beyond 2^53, hence a string. */
  readonly cntTraceId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Known {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const invalid = { status: 400, type: 'ERROR_TYPE_INVALID_REQUEST' } as const;
const precondition = { status: 400, type: 'ERROR_TYPE_FAILED_PRECONDITION' } as const;

/**
 * The vendor's codes. It publishes neither which status nor, for most of them, which type goes with a code: 400 for all
 * of them, and the type where it was seen, are our choice. A caller has to decide on the code.
 */
const known: Readonly<Record<string, Known>> = {
  ERROR_CODE_INVALID_SENDER_ID: { ...invalid, message: 'The sender is not a valid number of this business' },
  ERROR_CODE_PHONE_NUMBER_BAD_FORMAT: { ...invalid, message: 'The phone number is badly formatted' },
  ERROR_CODE_MESSAGE_ATTACHMENTS_NUMBER_INVALID: {
    ...invalid,
    message: 'A message can have one attachment at most',
  },
  ERROR_CODE_MESSAGE_TEXT_EMPTY: { ...invalid, message: 'The text of the message is empty' },
  ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND: {
    ...invalid,
    message: 'There is no such template in that language',
  },
  ERROR_CODE_MESSAGE_TEMPLATE_INPUT_INVALID: {
    ...invalid,
    message: 'The parameters do not fit the template',
  },
  ERROR_CODE_MESSAGE_ATTACHMENT_EMPTY: { ...invalid, message: 'The URL of the attachment is empty' },
  ERROR_CODE_MESSAGE_ATTACHMENT_INVALID: {
    ...invalid,
    message: 'The URL of the attachment cannot be parsed',
  },
  ERROR_CODE_BUSINESS_MISSES_MATCHING_CHANNEL: {
    ...precondition,
    message: 'The business has no channel of that type',
  },
  ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW: {
    status: 400,
    type: 'ERROR_TYPE_DEADLINE_EXCEEDED',
    message: 'The customer last wrote to this number more than 24 hours ago',
  },
  ERROR_CODE_BUSINESS_REACHED_LIMITS: {
    ...precondition,
    message: 'The number is restricted after blocks or reports of spam',
  },
  ERROR_CODE_MESSAGE_SELF_INVALID: { ...invalid, message: 'A number cannot send a message to itself' },
  ERROR_CODE_MESSAGE_PHONE_NUMBER_INVALID: { ...invalid, message: 'The phone number is not valid' },
  ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT: {
    ...precondition,
    message: 'The customer has opted out of templates',
  },
  ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION: {
    ...precondition,
    message: 'The customer has never written to this number',
  },
  ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT: {
    ...precondition,
    message: 'The secret of the business is not initialised',
  },
  ERROR_CODE_MESSAGE_TEMPLATE_DELETED: {
    ...precondition,
    message: 'The template is being deleted in that language',
  },
  ERROR_CODE_UNSPECIFIED: {
    status: 500,
    type: 'ERROR_TYPE_UNSPECIFIED',
    message: 'Internal server error',
  },
};

/** Every code of the vendor's list. */
export const errorCodes: readonly string[] = Object.keys(known);

/** What the vendor answers instead of doing what it was asked to. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly type: string;

  /** `code` may be one that the vendor's list does not have: the list is known to go on. */
  constructor(code: string, overrides: { status?: number; type?: string; message?: string } = {}) {
    const entry = known[code] ?? { ...invalid, message: code };
    super(overrides.message ?? entry.message);
    this.name = 'Refusal';
    this.code = code;
    this.status = overrides.status ?? entry.status;
    this.type = overrides.type ?? entry.type;
  }

  /** The request is malformed in a way that the vendor has no code for. */
  static malformed(message: string): Refusal {
    return new Refusal('ERROR_CODE_UNSPECIFIED', { ...invalid, message });
  }
}

/** The JSON of a refusal. `random` makes its trace id. */
export function errorBody(refusal: Refusal, random: () => number): ErrorBody {
  return {
    message: refusal.message,
    type: refusal.type,
    code: refusal.code,
    userTitle: refusal.message,
    userMessage: 'Please contact support and quote the trace id',
    cntTraceId: traceId(random),
    details: {},
  };
}

/** Always 20 digits, so that whoever reads it as a number loses digits and notices. */
function traceId(random: () => number): string {
  const tail = Array.from({ length: 19 }, () => Math.min(9, Math.floor(random() * 10)));
  return `1${tail.join('')}`;
}
