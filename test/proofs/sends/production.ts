import type { IfUnclear } from '../../../lib/message/message.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Injected } from '../harness/simulated/faults.ts';
import { type Draft, draft, reworded } from './producers.ts';
import { hourMs, producedAtOnce, producedEveryMs, type sharesAt } from './weather.ts';

export interface ProductionOptions {
  readonly messages: number;
  readonly policy: IfUnclear;
  readonly clock: Clock;
  readonly random: () => number;
  readonly injected: Injected;
  readonly shares: ReturnType<typeof sharesAt>;
  readonly queue: (made: Draft) => Promise<void>;
}

/** Queues messages bit by bit, some of them again later, with other words or the same. */
export function startProduction(options: ProductionOptions): { readonly isOver: boolean } {
  const { messages, policy, clock, random, injected, shares, queue } = options;
  let underWay = 1;

  function queueLater(later: Draft): void {
    underWay += 1;
    clock.after(Math.floor(random() * 2 * hourMs), () => {
      underWay -= 1;
      void queue(later);
    });
  }

  function produce(from: number): void {
    const until = Math.min(messages, from + producedAtOnce);
    for (let index = from; index < until; index += 1) {
      const made = draft({ index, policy, random, now: clock.now() });
      void queue(made);
      const chance = made.id === undefined ? 1 : random();
      if (chance < shares.queuedTwice) {
        injected.count('queued twice');
        queueLater(made);
      } else if (chance < shares.queuedTwice + shares.reworded) {
        injected.count('queued with other words');
        queueLater(reworded(made));
      }
    }
    if (until < messages) clock.after(producedEveryMs, () => produce(until));
    else underWay -= 1;
  }

  produce(0);
  return {
    get isOver() {
      return underWay === 0;
    },
  };
}
