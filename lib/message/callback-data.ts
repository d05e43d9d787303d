import { businessIdPattern } from './business-id.ts';
import { isObject } from './json.ts';
import { sendIdPattern } from './send-id.ts';

/** Connectly's limit on `callbackData`, in bytes; measured as compact UTF-8 JSON. */
export const maximumCallbackDataBytes = 1024;

/** What comes back on the events that answer a send: the producer's own id and data. */
export interface Correlation {
  readonly sendId?: string;
  readonly callbackData?: unknown;
}

/** The correlation, and the business that a message named itself: its ledger key has both. */
export interface WrappedCorrelation extends Correlation {
  readonly businessId?: string;
}

/**
 * Puts a producer's id and data into the one `callbackData` field that Connectly hands back. Undefined when there is
 * neither: such a request carries nothing that its documentation does not show.
 */
export function wrapCallbackData(correlation: WrappedCorrelation): Record<string, unknown> | undefined {
  const { sendId, businessId } = correlation;
  const hasData = 'callbackData' in correlation;
  if (sendId === undefined && !hasData) return undefined;
  return {
    relay: {
      v: 1,
      ...(sendId !== undefined && { id: sendId }),
      ...(sendId !== undefined && businessId !== undefined && { businessId }),
    },
    ...(hasData && { data: correlation.callbackData }),
  };
}

/**
 * Takes our wrapper apart again; empty for anybody else's `callbackData`, and for ids that no message can have: whoever
 * sends with a key of their own says what stands there.
 */
export function unwrapCallbackData(callbackData: unknown): WrappedCorrelation {
  if (!isObject(callbackData) || !isObject(callbackData['relay'])) return {};
  const { v: version, id, businessId } = callbackData['relay'];
  if (version !== 1 || !(id === undefined || isLike(sendIdPattern, id))) return {};
  return {
    ...(id !== undefined && { sendId: id }),
    ...(id !== undefined && isLike(businessIdPattern, businessId) && { businessId }),
    ...(Object.hasOwn(callbackData, 'data') && { callbackData: callbackData['data'] }),
  };
}

function isLike(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}
