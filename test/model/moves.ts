import type { AttemptResult, LedgerEntry } from '../../lib/delivery/ledger-entry.ts';
import type { Protocol, Routines, Step } from './protocol.ts';
import { copyOf, entryStates, type Worker, type World } from './world.ts';

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

/** Called for every world that may come next, with what happens on the way and, when a worker does it, which one. */
export type Visit = (next: World, what: string, worker?: 0 | 1) => void;

// A moment at which a lease may last, may have lapsed, or be long gone: the same for all, because time only tells these apart.
const now = 1_000_000;
const leaseMs = 100;
const longWaitMs = 100;
const leaseUntilByAge = [now + leaseMs, now, now - longWaitMs];
const content = 'content';
/** More than any attempt in a decoded world: what is claimed next. */
const nextAttempt = 7;

const entries: readonly (LedgerEntry | undefined)[] = Array.from({ length: 5 * 8 * 3 }, (_, index) => {
  const state = entryStates[Math.floor(index / 24) - 1];
  const leaseUntil = leaseUntilByAge[index % 3];
  if (state === undefined || leaseUntil === undefined) return undefined;
  const attempt = String(Math.floor(index / 3) % 8);
  return { state, content, attempt, leaseUntil, forgetAt: Number.MAX_SAFE_INTEGER };
});

const entryOf = ({ entryState, entryAttempt, entryAge }: World): LedgerEntry | undefined =>
  entries[entryState * 24 + entryAttempt * 3 + entryAge];

function writeEntry(world: World, entry: LedgerEntry): void {
  world.entryState = entryStates.indexOf(entry.state) + 1;
  const attempt = Number(entry.attempt);
  // A status on the way is waited for only while its attempt is the entry's.
  if (attempt !== world.entryAttempt) world.statusDue = 0;
  world.entryAttempt = attempt;
  if (entry.leaseUntil > now) world.entryAge = 0;
  else world.entryAge = entry.leaseUntil + longWaitMs > now ? 1 : 2;
}

interface Place {
  readonly routine: keyof Routines;
  readonly step: Step;
  readonly index: number;
  /** Where to go on. 0: nothing is left. */
  readonly next: number;
}

/** Each step of each routine, at the number that stands for it in a world. */
interface Places {
  readonly start: (routine: keyof Routines) => number;
  readonly at: readonly (Place | undefined)[];
}

const workerRoutines = [
  'accepted',
  'notSent',
  'refused',
  'unclear',
  'unclearToResend',
  'lapsed',
  'duplicate',
  'busy',
] as const;
const settlerRoutines = ['settled', 'sendAgain', 'handOver'] as const;

function placesOf(routines: Routines, names: readonly (keyof Routines)[], first: number): Places {
  const at: (Place | undefined)[] = Array.from({ length: first });
  const starts = new Map<keyof Routines, number>();
  for (const routine of names) {
    const steps = routines[routine];
    if (steps.length > 0) starts.set(routine, at.length);
    steps.forEach((step, index) => {
      at.push({ routine, step, index, next: index + 1 < steps.length ? at.length + 1 : 0 });
    });
  }
  return { at, start: (routine) => starts.get(routine) ?? 0 };
}

const results: Readonly<Partial<Record<keyof Routines, AttemptResult>>> = {
  accepted: { known: 'accepted', vendorId: undefined },
  notSent: { known: 'not-accepted' },
  refused: { known: 'not-accepted' },
  unclear: { known: 'nothing' },
};

const isFinish = (step: Step) => step === 'finish' || step === 'finish-or-not' || step === 'yield-lease';

/** All that can happen next in a world, one step at a time. */
export function createMoves(protocol: Protocol, scene: Scene): (world: World, visit: Visit) => void {
  const { policy, deliveries, copies, releases } = scene;
  const places = {
    // Before the routines: idle, has a message, has claimed, has read.
    worker: placesOf(protocol.routines, workerRoutines, 4),
    settler: placesOf(protocol.routines, settlerRoutines, 1),
  };
  const settles = policy === 'settle';
  // Where nothing is sent again after the wait, it only hands over later: left out, everything else can still happen.
  const waitMs = settles ? longWaitMs : 0;

  function workerMoves(world: World, index: 0 | 1, visit: Visit): void {
    const change = (what: string, apply: (next: World, worker: Worker) => void) => {
      const next = copyOf(world);
      apply(next, next.workers[index]);
      visit(next, what, index);
    };
    const { at, attempt, message, resends } = world.workers[index];
    if (at === 0) {
      if (world.deliveries === deliveries) return;
      // Also what has been acknowledged: the queue may deliver it again, and a producer may have queued it twice.
      for (let copy = 0; copy <= world.copies; copy++) {
        for (const policyBit of policy === 'mixed' ? [0, 1] : [0]) {
          change(`receives ${nameOf(copy, world)}${policyBit === 1 ? ' (resend)' : ''}`, (next, worker) => {
            next.deliveries++;
            worker.at = 1;
            worker.message = copy;
            worker.resends = policyBit;
          });
        }
      }
      return;
    }
    const resendUnclear = policy === 'resend' || resends === 1;
    const other = world.workers[index === 0 ? 1 : 0];
    if (at === 1) claimMove(world, { change, message, resendUnclear, other });
    else if (at === 2) requestMoves({ change, resendUnclear });
    else if (at === 3) {
      change('writes its claim', (next, worker) => {
        const isCopy = message > 0;
        const decision = protocol.claim(undefined, requestFor(isCopy, resendUnclear));
        if (decision.verdict === 'send') writeEntry(next, decision.write);
        worker.at = 2;
        worker.attempt = next.entryAttempt;
      });
    } else {
      const place = places.worker.at[at];
      if (place === undefined) throw new Error(`Nobody can be at ${at}.`);
      change(`${place.routine}: ${place.step}`, (next, worker) => {
        workerStep(next, place, { attempt, message });
        goTo(worker, place.next);
      });
      if (place.step === 'finish-or-not')
        change(`${place.routine}: the ledger does not answer`, (_, worker) => goTo(worker, place.next));
    }
    change('dies', (_, worker) => goTo(worker, 0));
  }

  interface Delivery {
    readonly change: (what: string, apply: (next: World, worker: Worker) => void) => void;
    readonly resendUnclear: boolean;
  }

  function claimMove(
    world: World,
    {
      change,
      message,
      resendUnclear,
      other,
    }: Delivery & { readonly message: number; readonly other: Worker },
  ): void {
    const isCopy = message > 0 && (world.looksNew & (1 << message)) === 0;
    const decision = protocol.claim(entryOf(world), requestFor(isCopy, resendUnclear));
    if (decision.verdict === 'send' && protocol.claimsBlindly === true) {
      change('reads the entry: may send', (_, worker) => {
        worker.at = 3;
      });
      return;
    }
    change(`claims: ${decision.verdict}`, (next, worker) => {
      switch (decision.verdict) {
        case 'send':
          if (isAtIt(other)) next.overlapped = 1;
          writeEntry(next, decision.write);
          worker.at = 2;
          worker.attempt = next.entryAttempt;
          return;
        case 'park':
          worker.attempt = Number(decision.attempt);
          return goTo(worker, places.worker.start('lapsed'));
        case 'busy':
          return goTo(worker, places.worker.start('busy'));
        case 'duplicate':
          return goTo(worker, places.worker.start('duplicate'));
        case 'conflict':
          throw new Error('There is one content only.');
      }
    });
  }

  /** Whether its attempt is under way within its lease: until it has written what became of it. */
  function isAtIt({ at, lapsed }: Worker): boolean {
    const place = places.worker.at[at];
    const isUnfinished =
      place !== undefined && protocol.routines[place.routine].slice(place.index).some(isFinish);
    return lapsed === 0 && (at === 2 || isUnfinished);
  }

  function requestMoves({ change, resendUnclear }: Delivery): void {
    const { start } = places.worker;
    const unclear = resendUnclear ? start('unclearToResend') : start('unclear');
    const post = (what: string, to: number, reported?: boolean) =>
      change(`posts: ${what}`, (next, worker) => {
        if (reported !== undefined) accept(next, worker.attempt, reported);
        goTo(worker, to);
      });
    post('accepted', start('accepted'), true);
    post('not sent', start('notSent'));
    post('refused', start('refused'));
    post('no answer, not accepted', unclear);
    post('no answer, accepted', unclear, true);
    // Who hears nothing sends again under `settle` only.
    if (!settles) return;
    post('accepted, never reported', start('accepted'), false);
    post('no answer, accepted, never reported', unclear, false);
  }

  function accept(next: World, attempt: number, reported: boolean): void {
    if (!reported) {
      next.unreported = 1;
      return;
    }
    next.accepted++;
    if (settles && next.entryAttempt === attempt) next.statusDue = 1;
  }

  function workerStep(
    next: World,
    { routine, step }: Place,
    { attempt, message }: { attempt: number; message: number },
  ): void {
    const entry = entryOf(next);
    const write = (changed: LedgerEntry | undefined) => {
      if (changed !== undefined) writeEntry(next, changed);
    };
    switch (step) {
      case 'park':
        next.parked = 1;
        return;
      case 'dead-letter':
        next.deadLetters = 1;
        return;
      case 'finish':
      case 'finish-or-not':
        return write(protocol.finish(entry, String(attempt), results[routine] ?? { known: 'nothing' }));
      case 'yield-lease':
        return write(protocol.yieldLease(entry, String(attempt), now));
      case 'abandon':
        return write(protocol.abandon(entry, String(attempt), now));
      case 'acknowledge':
        next.present &= ~(1 << message);
        return;
      case 'queue':
        throw new Error('Only parked copies are queued.');
    }
  }

  function settlerMoves(world: World, visit: Visit): void {
    const change = (what: string, apply: (next: World) => void) => {
      const next = copyOf(world);
      apply(next);
      visit(next, `settle-send ${what}`);
    };
    const { start, at } = places.settler;
    if (world.settler === 0) {
      if (world.parked === 0) return;
      const decision = protocol.settle(entryOf(world), { content, now, waitMs, resendSilent: settles });
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

  function otherMoves(world: World, visit: Visit): void {
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
      });
  }

  return (world, visit) => {
    workerMoves(world, 0, visit);
    workerMoves(world, 1, visit);
    settlerMoves(world, visit);
    personMoves(world, visit);
    otherMoves(world, visit);
  };
}

function goTo(worker: Worker, place: number): void {
  worker.at = place;
  if (place !== 0) return;
  worker.message = 0;
  worker.attempt = 0;
  worker.resends = 0;
  worker.lapsed = 0;
}

function queueCopy(next: World, looksNew: boolean): void {
  next.copies++;
  next.present |= 1 << next.copies;
  if (looksNew) next.looksNew |= 1 << next.copies;
}

const requestFor = (isCopy: boolean, resendUnclear: boolean) => ({
  attempt: String(nextAttempt),
  content,
  now,
  leaseMs,
  resendUnclear,
  isCopy,
});

const nameOf = (message: number, { present }: World) =>
  `${message === 0 ? 'the message' : `copy ${message}`}${(present & (1 << message)) === 0 ? ' once more' : ''}`;
