import type { QueuedMessage } from './decode.ts';

/**
 * An environment that has written down nothing for longer has missed what came meanwhile, in milliseconds. Where little
 * comes, settle-send gathers it for up to a minute, and two environments take turns.
 */
const gapMs = 3 * 60_000;

/**
 * How long a gap is made up for, in milliseconds. Two environments read 200,000 waiting statuses in 2.5 minutes; one that
 * somebody received, and did not get into the ledger, comes back after 4.
 */
const longestCatchUpMs = 5 * 60_000;

/** How long no old status must have come, in milliseconds. */
const calmMs = 60_000;

/** How soon a parked send is looked at again meanwhile, in milliseconds: so soon that its own coming back is no gap. */
const lookAgainMs = 20_000;

export interface CatchUpOptions {
  /** How long a delivery status may take, in milliseconds: a gap is made up for in no more, for a stage that tries it out. */
  readonly waitMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Knows whether the statuses that lie on the outcomes queue have been read here. SQS keeps no order: after a time without
 * settle-send, a parked send may be received before the status that would settle it.
 */
export function createCatchUp({ waitMs, now }: CatchUpOptions) {
  let progressAt = Number.NEGATIVE_INFINITY;
  let gapAt = Number.NEGATIVE_INFINITY;
  let oldAt = Number.NEGATIVE_INFINITY;

  return {
    /** A status has been written down, or the ledger has been read for a parked send. */
    noteProgress(): void {
      if (now() - progressAt > gapMs) gapAt = now();
      progressAt = now();
    },
    /**
     * A status is here. One that has lain there for so long, and that nobody has received before, is not alone. Those
     * that come back say nothing of the others.
     */
    noteStatus({ queuedAt, receiveCount }: Pick<QueuedMessage, 'queuedAt' | 'receiveCount'>): void {
      if (receiveCount === 1 && now() - queuedAt > gapMs) oldAt = now();
    },
    /** When to look again, in epoch milliseconds; undefined when the statuses that lay there have been read. */
    lookAgainAt(): number | undefined {
      const doneAt = Math.max(gapAt + Math.min(longestCatchUpMs, waitMs), oldAt + Math.min(calmMs, waitMs));
      return doneAt > now() ? Math.min(doneAt, now() + lookAgainMs) : undefined;
    },
  };
}
