import type { LogFields } from '../logger.ts';
import type { Settlement } from './settle.ts';

/** What the log says about a message on the outcomes queue: a parked send, or a report on one. */
export function settlementFields(settlement: Settlement, type: 'parked' | 'report'): LogFields {
  return {
    type,
    result: settlement.result,
    ...('retryInSeconds' in settlement && { retryInSeconds: settlement.retryInSeconds }),
  };
}
