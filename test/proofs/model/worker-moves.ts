import type { AttemptEnd, LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import { content, entryOf, leaseMs, nextAttempt, now, writeEntry } from './entry-code.ts';
import type { Place } from './places.ts';
import type { Routines, Step } from './protocol.ts';
import type { Setting, Visit } from './scene.ts';
import { copyOf, type Worker, type World } from './world.ts';

const ends: Readonly<Partial<Record<keyof Routines, AttemptEnd>>> = {
  accepted: { known: 'accepted', vendorId: undefined },
  notSent: { known: 'not-accepted' },
  refused: { known: 'not-accepted' },
  unclear: { known: 'nothing', parked: true },
  unclearToResend: { known: 'nothing', parked: false },
};

function endOf(routine: keyof Routines): AttemptEnd {
  const end = ends[routine];
  if (end === undefined) throw new Error(`No attempt ends with ${routine}.`);
  return end;
}

const isFinish = (step: Step) => step === 'finish' || step === 'finish-or-not';

/** What a worker does: takes a message, claims, posts, and then one step of a routine after another, or dies. */
export function createWorkerMoves({ protocol, scene, places }: Setting) {
  const { policy, deliveries } = scene;
  const settles = policy === 'settle';

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
        const decision = protocol.decideClaim(undefined, requestFor(isCopy, resendUnclear));
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
    const decision = protocol.decideClaim(entryOf(world), requestFor(isCopy, resendUnclear));
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
          // `resend` may send what Connectly has already; `hold` must not, whatever policy the attempts before it had.
          if (policy === 'mixed' && !resendUnclear && world.accepted > 0) next.unheld = 1;
          writeEntry(next, decision.write);
          worker.at = 2;
          worker.attempt = next.entryAttempt;
          return;
        case 'park':
          worker.attempt = Number(decision.attemptId);
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
        return write(protocol.finish(entry, String(attempt), endOf(routine), now));
      case 'abandon':
        return write(protocol.abandon(entry, String(attempt), now));
      case 'acknowledge':
        next.present &= ~(1 << message);
        return;
      case 'queue':
        throw new Error('Only parked copies are queued.');
    }
  }

  return workerMoves;
}

function goTo(worker: Worker, place: number): void {
  worker.at = place;
  if (place !== 0) return;
  worker.message = 0;
  worker.attempt = 0;
  worker.resends = 0;
  worker.lapsed = 0;
}

const requestFor = (isCopy: boolean, resendUnclear: boolean) => ({
  attemptId: String(nextAttempt),
  content,
  now,
  leaseMs,
  resendUnclear,
  isCopy,
});

const nameOf = (message: number, { present }: World) =>
  `${message === 0 ? 'the message' : `copy ${message}`}${(present & (1 << message)) === 0 ? ' once more' : ''}`;
