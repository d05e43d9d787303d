import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../harness/random.ts';
import type { AwsCall, Gates } from './aws-proxy.ts';
import { scaledTimes } from './scaled-project.ts';
import { killChild, processBehind } from './worker-process.ts';

/** How often a call of settle-send is its last one. */
const deathChance = 0.1;

/** How long an effect is held up, as that of a worker is: who does not wait for it has acknowledged by then. */
const effectHesitationMs = scaledTimes.deadline.here + 500;

const effects: ReadonlySet<string> = new Set([
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'SendMessage',
]);

export interface SettlerExecutioner {
  readonly gates: Gates;
  /** How many were killed at each of the calls. */
  byCall(): Readonly<Record<string, number>>;
  /** Nobody is killed from here on. */
  stop(): void;
}

/**
 * Kills processes of settle-send by the calls that they make: before one reaches AWS, or after AWS has done what it asks
 * and before they hear of it. They look into the ledger, confirm a send, look again later, and give up.
 */
export function createSettlerExecutioner(random: Random, onKill: () => void): SettlerExecutioner {
  /** Those that are to die at a call, and are not dead yet. */
  const condemned = new Map<number, string>();
  const killed = new Set<number>();
  const counts: Record<string, number> = {};
  let stopped = false;

  /** Resolves to whether the sender of the call is dead, or as good as dead. */
  async function mayKill({ operation, socket }: AwsCall, when: 'before' | 'after'): Promise<boolean> {
    const isChosen = !stopped && random.chance(deathChance);
    // To find out whose a call is takes longer than most calls.
    if (!isChosen && condemned.size === 0) return false;
    const pid = await processBehind(socket);
    if (pid === undefined || killed.has(pid)) return false;
    // The SDK makes a call again that takes too long.
    if (condemned.has(pid)) return condemned.get(pid) === operation;
    if (!isChosen) return false;
    condemned.set(pid, operation);
    if (when === 'before' && effects.has(operation)) await sleep(effectHesitationMs);
    const isDead = await killChild(pid);
    condemned.delete(pid);
    if (!isDead) return false;
    killed.add(pid);
    const name = `${when} ${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
    onKill();
    return true;
  }

  return {
    gates: {
      before: async (call) => !(await mayKill(call, 'before')),
      after: async (call, status) => status !== 200 || !(await mayKill(call, 'after')),
    },
    byCall: () => counts,
    stop() {
      stopped = true;
    },
  };
}
