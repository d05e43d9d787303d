import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import type { Random } from '../harness/random.ts';
import type { Gates } from './aws-proxy.ts';
import { readCall, type Seen } from './moments.ts';
import type { Death, Policy } from './points.ts';
import type { Quotas } from './quotas.ts';
import { scaledTimes } from './scaled-project.ts';
import type { Target } from './targets.ts';
import { killChild, processBehind } from './worker-process.ts';

/** A call is held up for so long, at most, before its sender dies: what does not wait for it, but should, goes on. */
const longestHesitationMs = 100;

/**
 * How long an effect is held up that must come before the acknowledgement: longer than the rest of the batch takes, so
 * that a worker which does not wait for it has acknowledged by then.
 */
const effectHesitationMs = scaledTimes.deadline.here + 500;

/** How long the fake Connectly takes with a message that is on the queue twice. */
const twinDelayMs = 300;

/** How often a message whose worker has died gets another one killed. */
const secondDeathChance = 0.3;

export interface Executioner {
  readonly gates: Gates;
  /** Plans a death for a message that is about to be queued. */
  add(target: Target): void;
  queuedAs(target: Target, messageId: string): void;
  /** The message has been settled: nothing more comes of it. */
  forget(target: Target): void;
  /** Nobody is killed from here on. */
  stop(): void;
}

export interface ExecutionerOptions {
  readonly policy: Policy;
  readonly connectly: FakeConnectly;
  readonly quotas: Quotas;
  readonly random: Random;
  readonly onKill: () => void;
}

/** Decides from outside, by the calls that workers make, when which of them dies, and kills it with SIGKILL. */
export function createExecutioner(options: ExecutionerOptions): Executioner {
  const { policy, connectly, quotas, random } = options;
  const byKey = new Map<string, Target>();
  const byId = new Map<string, Target>();
  const byMessageId = new Map<string, Target>();
  const condemned = new Set<number>();
  /** Whose effect is held up, until its worker is dead. */
  const heldUp = new Map<Target, Seen['moment']>();
  const killed = new Set<number>();
  let stopped = false;

  const stopListening = connectly.onEvent(({ type, data }) => {
    if (type !== 'fault' || typeof data !== 'object' || data === null || !('name' in data)) return;
    const [, id] = /^dies (.*)$/.exec(String(data.name)) ?? [];
    const target = byId.get(id ?? '');
    if (target?.death?.trigger.on !== 'request' || target.holder === undefined) return;
    void kill(target, target.death, target.holder);
  });

  function plan(target: Target, death: Death | undefined): void {
    target.death = death;
    if (death === undefined) return;
    quotas.planned(death);
    const match = { recipient: target.recipient };
    const { trigger } = death;
    if (trigger.on === 'request')
      target.faults.push(
        connectly.addFault({ kind: 'hang', accept: trigger.accepted, name: `dies ${target.id}`, match }),
      );
    if (death.afterUnclearRequest)
      target.faults.push(
        connectly.addFault({
          kind: 'reset',
          accept: random.chance(losesByDying(death) ? 0.1 : 0.5),
          name: 'unclear',
          match,
        }),
      );
  }

  function planNext(target: Target, isPossible: (death: Death) => boolean = () => true): void {
    // Another copy would make up for a lost one.
    const hasCopy = target.isTwin || target.isParked;
    const death = quotas.next((next) => isPossible(next) && !(hasCopy && losesByDying(next)));
    plan(target, death);
  }

  function drop(target: Target): void {
    if (target.death !== undefined) quotas.dropped(target.death);
    target.death = undefined;
    for (const fault of target.faults.splice(0)) connectly.removeFaults(fault);
  }

  /** Resolves to whether the sender of a call is dead. */
  async function mayKill(target: Target, seen: Seen, when: 'before' | 'after', socket: Socket) {
    // The SDK makes a call again that takes too long: the first one is held up in earnest only if the second one is, too.
    if (heldUp.get(target) === seen.moment) return true;
    const { death } = target;
    if (death === undefined || death.trigger.on === 'request') return false;
    if (death.trigger.on !== seen.moment || death.trigger.when !== when) return false;
    const pid = await processBehind(socket);
    return pid !== undefined && kill(target, death, pid);
  }

  async function kill(target: Target, death: Death, pid: number): Promise<boolean> {
    if (stopped || condemned.has(pid) || target.death !== death) return false;
    if (!quotas.isWanted(death) || (target.isParked && losesByDying(death))) {
      drop(target);
      return false;
    }
    condemned.add(pid);
    target.death = undefined;
    quotas.died(death);
    if (losesByDying(death) && death.trigger.on !== 'request') heldUp.set(target, death.trigger.on);
    await sleep(hesitationMs(death));
    const isDead = await killChild(pid);
    heldUp.delete(target);
    if (!isDead) {
      quotas.survived(death);
      return true;
    }
    killed.add(pid);
    options.onKill();
    for (const held of byKey.values()) {
      if (held.holder !== pid) continue;
      held.holder = undefined;
      held.unclearAttempts += 1;
    }
    if (random.chance(secondDeathChance)) planNext(target, (next) => canFollow(death, next));
    return true;
  }

  function hesitationMs(death: Death): number {
    return losesByDying(death) ? effectHesitationMs : random.int(longestHesitationMs);
  }

  function canFollow(earlier: Death, next: Death): boolean {
    if (policy === 'resend' || earlier.point === 'received, not claimed') return true;
    // Once a claim has lapsed, a message that is held is never requested again.
    const { trigger } = next;
    return (
      trigger.on === 'park' ||
      trigger.on === 'unknown' ||
      (trigger.on === 'claim' && trigger.when === 'before')
    );
  }

  /** Keeps the books on who holds which message. */
  async function note({ target, moment, attempt }: Seen, socket: Socket): Promise<void> {
    switch (moment) {
      case 'claim': {
        target.attempt = attempt;
        const pid = await processBehind(socket);
        const isAlive = pid !== undefined && !killed.has(pid);
        target.holder = isAlive ? pid : undefined;
        if (!isAlive) target.unclearAttempts += 1;
        return;
      }
      case 'unknown':
      case 'yield':
        if (attempt === target.attempt && target.holder !== undefined) target.unclearAttempts += 1;
        target.holder = undefined;
        return;
      case 'sent':
      case 'retry':
        target.holder = undefined;
        return;
      case 'park':
        target.isParked = true;
        return;
      case 'hide':
    }
  }

  const known = { byKey, byId, byMessageId };
  return {
    gates: {
      async before(call) {
        for (const seen of readCall(call, known))
          if (await mayKill(seen.target, seen, 'before', call.socket)) return false;
        return true;
      },
      async after(call, status) {
        if (status !== 200) return true;
        const all = readCall(call, known);
        for (const seen of all) await note(seen, call.socket);
        for (const seen of all) if (await mayKill(seen.target, seen, 'after', call.socket)) return false;
        return true;
      },
    },
    add(target) {
      byKey.set(target.key, target);
      byId.set(target.id, target);
      if (target.isTwin)
        target.faults.push(
          connectly.addFault({ kind: 'slow', delayMs: twinDelayMs, match: { recipient: target.recipient } }),
        );
      planNext(target);
    },
    queuedAs: (target, messageId) => void byMessageId.set(messageId, target),
    forget: drop,
    stop() {
      stopped = true;
      stopListening();
      for (const target of byKey.values()) drop(target);
    },
  };
}

/** Whether a worker that had acknowledged by then would take the message with it, unless Connectly has accepted it. */
function losesByDying({ trigger }: Death): boolean {
  return (trigger.on === 'park' || trigger.on === 'hide') && trigger.when === 'before';
}
