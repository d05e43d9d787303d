import { createEvidence, type Evidence } from './evidence.ts';
import { createGate, type Gate } from './gate.ts';
import { createLane, type Lane } from './lane.ts';

/** How many businesses, and how many numbers, are remembered at most. The longest unused of more begins anew. */
const mostRemembered = 1_000;

export interface Business {
  readonly id: string;
  readonly gate: Gate;
  readonly evidence: Evidence;
  readonly lane: Lane;
  /** The tickets of its requests that have not ended. */
  readonly underWay: Set<number>;
}

export interface Businesses {
  of(businessId: string): Business;
  /** The lane of a number of that business; the business's own when the number is not known. */
  laneOf(business: Business, number: string | undefined): Lane;
  /** A request of that business, by its ticket, went well. */
  wentWell(business: Business, ticket: number): void;
  /** Whether the oldest bad result of this business stands alone: others went well that began after it. */
  isAlone(business: Business): boolean;
  /** All bad results are explained: Connectly as a whole is in trouble. */
  forgetEvidence(): void;
}

/** In requests a second, of one execution environment. */
export interface LaneRates {
  readonly business: number;
  readonly number: number;
}

/** The businesses that are sent for: each has a gate and a lane, so that trouble of one is nobody else's. */
export function createBusinesses(random: () => number, stage: Lane, rates: LaneRates): Businesses {
  const businesses = new Map<string, Business>();
  const numbers = new Map<string, Lane>();
  /** The latest that went well, of two businesses at most: enough to know of another one, whichever is asked about. */
  let latest = { businessId: '', ticket: 0 };
  let latestOfAnother = latest;

  return {
    of: (id) =>
      remembered(businesses, id, () => ({
        id,
        gate: createGate(random),
        evidence: createEvidence(),
        lane: createLane(rates.business, stage),
        underWay: new Set<number>(),
      })),
    laneOf(business, number) {
      if (number === undefined) return business.lane;
      return remembered(numbers, JSON.stringify([business.id, number]), () =>
        createLane(rates.number, business.lane),
      );
    },
    wentWell({ id: businessId }, ticket) {
      if (businessId === latest.businessId) {
        latest = { businessId, ticket: Math.max(ticket, latest.ticket) };
      } else if (ticket > latest.ticket) {
        latestOfAnother = latest;
        latest = { businessId, ticket };
      } else if (ticket > latestOfAnother.ticket) {
        latestOfAnother = { businessId, ticket };
      }
    },
    isAlone({ id, evidence }) {
      const { ticket } = latest.businessId === id ? latestOfAnother : latest;
      return evidence.oldestTicket !== undefined && ticket > evidence.oldestTicket;
    },
    forgetEvidence() {
      for (const { evidence } of businesses.values()) evidence.forget(evidence.messages);
    },
  };
}

/** The value of a key, made when there is none; what was used last stands behind all others. */
function remembered<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > mostRemembered && oldest !== undefined) values.delete(oldest);
  return value;
}
