import { content, entryOf, longWaitMs, now, writeEntry } from './entry-code.ts';
import type { Setting, Visit } from './scene.ts';
import { copyOf, type World } from './world.ts';

/** What settle-send, a person, time and Connectly's delivery statuses do. */
export function createOtherMoves({ protocol, scene, places }: Setting) {
  const { policy, copies, releases } = scene;
  const settles = policy === 'settle';
  // Where nothing is sent again after the wait, it only hands over later: left out, everything else can still happen.
  const waitMs = settles ? longWaitMs : 0;

  function settlerMoves(world: World, visit: Visit): void {
    const change = (what: string, apply: (next: World) => void) => {
      const next = copyOf(world);
      apply(next);
      visit(next, `settle-send ${what}`);
    };
    const { start, at } = places.settler;
    if (world.settler === 0) {
      if (world.parked === 0) return;
      const decision = protocol.decideParked(entryOf(world), { content, now, waitMs, resendSilent: settles });
      if (decision.verdict === 'wait') return;
      for (const left of [0, 1])
        change(`takes ${left === 0 ? 'the last' : 'one'} parked copy: ${decision.verdict}`, (next) => {
          next.parked = left;
          if (decision.verdict === 'send-again') {
            if (decision.write !== undefined) writeEntry(next, decision.write);
            next.settler = start('sendAgain');
          } else next.settler = decision.verdict === 'forget' ? start('settled') : start('handOver');
        });
      return;
    }
    const place = at[world.settler];
    if (place === undefined) throw new Error(`settle-send cannot be at ${world.settler}.`);
    if (place.step !== 'queue' || world.copies < copies)
      change(`${place.routine}: ${place.step}`, (next) => {
        if (place.step === 'queue') queueCopy(next, false);
        else if (place.step === 'dead-letter') next.deadLetters = 1;
        next.settler = place.next;
      });
    const hasCopy = !protocol.routines[place.routine].slice(0, place.index).includes('acknowledge');
    change('dies', (next) => {
      if (hasCopy) next.parked = 1;
      next.settler = 0;
    });
  }

  function personMoves(world: World, visit: Visit): void {
    const change = (what: string, apply: (next: World) => void) => {
      const next = copyOf(world);
      apply(next);
      visit(next, `a person ${what}`);
    };
    const canQueue = world.copies < copies;
    if (world.person === 0 && world.deadLetters > 0) {
      const released = protocol.release(entryOf(world), now);
      for (const left of [0, 1]) {
        const which = left === 0 ? 'the last dead letter' : 'a dead letter';
        if (canQueue)
          change(`redrives ${which}`, (next) => {
            next.deadLetters = left;
            queueCopy(next, false);
          });
        if (released !== undefined && world.releases < releases)
          change(`releases the entry of ${which}`, (next) => {
            next.deadLetters = left;
            writeEntry(next, released);
            next.releases++;
            next.person = 1;
          });
      }
    }
    if (world.person === 1 && canQueue) {
      for (const looksNew of [false, true])
        change(`queues it again${looksNew ? ' as a new message' : ''}`, (next) => {
          queueCopy(next, looksNew);
          next.person = 2;
        });
    }
    if (world.person === 2)
      change('deletes the dead letter', (next) => {
        next.person = 0;
      });
    if (world.person > 0)
      change('forgets about it', (next) => {
        next.deadLetters = 1;
        next.person = 0;
      });
  }

  function surroundingMoves(world: World, visit: Visit): void {
    const { entryState, entryAge, entryAttempt } = world;
    const isOpen = entryState === 2 || entryState === 4;
    const change = (what: string, apply: (next: World) => void) => {
      const next = copyOf(world);
      apply(next);
      visit(next, what);
    };
    // At any time, also while its holder lives: workers are slow and clocks differ.
    if (isOpen && entryAge === 0)
      change('the lease lapses', (next) => {
        next.entryAge = 1;
        for (const worker of next.workers) if (worker.attempt === entryAttempt) worker.lapsed = 1;
      });
    // Lambda has killed the holder by then, and statuses that come at all have come: that is what the wait is for.
    const isHeld = world.workers.some(
      ({ at, attempt }) => at >= 2 && attempt === entryAttempt && places.worker.at[at]?.routine !== 'lapsed',
    );
    if (settles && isOpen && entryAge === 1 && !isHeld && world.statusDue === 0)
      change('the wait for a status is over', (next) => {
        next.entryAge = 2;
      });
    if (world.accepted > 0) {
      const confirmed = protocol.confirm(entryOf(world), undefined);
      if (confirmed !== undefined || world.statusDue === 1)
        change('a delivery status comes', (next) => {
          if (confirmed !== undefined) writeEntry(next, confirmed);
          next.statusDue = 0;
        });
    }
    if (protocol.forgetsEarly === true && entryState !== 0)
      change('the entry is forgotten', (next) => {
        next.entryState = 0;
        next.entryAttempt = 0;
        next.entryDoubt = 0;
      });
  }

  return (world: World, visit: Visit): void => {
    settlerMoves(world, visit);
    personMoves(world, visit);
    surroundingMoves(world, visit);
  };
}

function queueCopy(next: World, looksNew: boolean): void {
  next.copies++;
  next.present |= 1 << next.copies;
  if (looksNew) next.looksNew |= 1 << next.copies;
}
