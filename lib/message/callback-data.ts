/** Connectly's limit on `callbackData`, in bytes; measured as compact UTF-8 JSON. */
export const maximumCallbackDataBytes = 1024;

/** What comes back on the events that answer a send: the producer's own id and data. */
export interface Correlation {
  readonly sendId?: string;
  readonly callbackData?: unknown;
}

/**
 * Puts a producer's id and data into the one `callbackData` field that Connectly hands back. Undefined when there is
 * neither: such a request carries nothing that its documentation does not show.
 */
export function wrapCallbackData(correlation: Correlation): Record<string, unknown> | undefined {
  const hasData = 'callbackData' in correlation;
  if (correlation.sendId === undefined && !hasData) return undefined;
  return {
    relay: { v: 1, ...(correlation.sendId !== undefined && { id: correlation.sendId }) },
    ...(hasData && { data: correlation.callbackData }),
  };
}

/** Takes our wrapper apart again; empty for anybody else's `callbackData`. */
export function unwrapCallbackData(callbackData: unknown): Correlation {
  if (!isObject(callbackData) || !isObject(callbackData['relay'])) return {};
  const { v: version, id } = callbackData['relay'];
  if (version !== 1 || !(id === undefined || typeof id === 'string')) return {};
  return {
    ...(id !== undefined && { sendId: id }),
    ...(Object.hasOwn(callbackData, 'data') && { callbackData: callbackData['data'] }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
