import type { Places } from './places.ts';
import type { Protocol } from './protocol.ts';
import type { World } from './world.ts';

export type Policy = 'hold' | 'settle' | 'resend' | 'mixed';

export interface Scene {
  readonly policy: Policy;
  /** Of the message and its copies together: retries, overlaps, queue duplicates, redrives. At most 6. */
  readonly deliveries: number;
  /** Copies that are put on the sends queue besides the original, by `settle`, redrives and people: 1 or 2, at most. */
  readonly copies: number;
  /** How often a person decides to send an unknown one again, at most: 0 or 1. Redrives as such are free. */
  readonly releases: number;
}

/** What the moves are made from. */
export interface Setting {
  readonly protocol: Protocol;
  readonly scene: Scene;
  readonly places: { readonly worker: Places; readonly settler: Places };
}

/** Called for every world that may come next, with what happens on the way and, when a worker does it, which one. */
export type Visit = (next: World, what: string, worker?: 0 | 1) => void;
