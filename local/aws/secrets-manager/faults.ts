import type { Clock } from '../../clock.ts';
import { AwsError, type AwsOperation, type AwsService, type CallContext } from '../protocols/service.ts';

/** What goes wrong instead of, or before, an answer. */
export type Fault =
  | { kind: 'throttle' }
  | { kind: 'internal-error' }
  | { kind: 'access-denied' }
  /** Never answers, until the caller hangs up or the fault is cleared. */
  | { kind: 'hang' }
  | { kind: 'slow'; delayMs: number };

export interface FaultRule {
  /** An operation's name, or `*` for every one. */
  operation: string;
  fault: Fault;
  /** How many calls it meets before it is used up; without it, every call until it is removed. */
  times?: number;
  /** How many matching calls pass unharmed first. */
  after?: number;
}

export interface Faults {
  /** Switches a fault on; the returned function switches it off and lets its hanging calls go on. */
  add(rule: FaultRule): () => void;
  /** Switches all faults off and lets every hanging call go on. */
  clear(): void;
  /** How many calls arrived, failed ones included. */
  calls(operation: string): number;
}

interface ActiveRule {
  readonly rule: FaultRule;
  remaining: number;
  toSkip: number;
  readonly hanging: Set<() => void>;
}

/** Puts a switchable layer of faults in front of a service. With no fault on, calls pass straight through. */
export function withFaults(
  service: AwsService,
  { clock }: { clock: Clock },
): { service: AwsService; faults: Faults } {
  const active = new Set<ActiveRule>();
  const counts = new Map<string, number>();

  function take(operation: string): ActiveRule | undefined {
    for (const entry of active) {
      if (entry.rule.operation !== '*' && entry.rule.operation !== operation) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
      } else if (entry.remaining > 0) {
        entry.remaining -= 1;
        return entry;
      }
    }
    return undefined;
  }

  function wrap(name: string, operation: AwsOperation): AwsOperation {
    return async (input, context) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const entry = take(name);
      if (entry) await suffer(entry, { context, clock });
      return operation(input, context);
    };
  }

  function remove(entry: ActiveRule): void {
    active.delete(entry);
    for (const release of entry.hanging) release();
  }

  return {
    service: {
      target: service.target,
      contentType: service.contentType,
      operations: Object.fromEntries(
        Object.entries(service.operations).map(([name, operation]) => [name, wrap(name, operation)]),
      ),
    },
    faults: {
      add(rule) {
        const entry: ActiveRule = {
          rule,
          remaining: rule.times ?? Infinity,
          toSkip: rule.after ?? 0,
          hanging: new Set(),
        };
        active.add(entry);
        return () => remove(entry);
      },
      clear() {
        for (const entry of active) remove(entry);
      },
      calls: (operation) => counts.get(operation) ?? 0,
    },
  };
}

async function suffer(entry: ActiveRule, { context, clock }: { context: CallContext; clock: Clock }) {
  const { fault } = entry.rule;
  switch (fault.kind) {
    case 'throttle':
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    case 'internal-error':
      throw new AwsError('InternalServiceError', 'An error occurred on the server side.', { status: 500 });
    case 'access-denied':
      throw new AwsError('AccessDeniedException', 'User is not authorized to perform this operation');
    case 'hang':
      return pause(context, (release) => {
        entry.hanging.add(release);
        return () => entry.hanging.delete(release);
      });
    case 'slow':
      return pause(context, (release) => clock.after(fault.delayMs, release));
  }
}

/** Waits until `start`'s callback is called, or rejects as soon as the caller has hung up. */
function pause({ signal }: CallContext, start: (release: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const hungUp = () => {
      stop();
      reject(new AwsError('RequestAbortedException', 'The caller hung up.'));
    };
    const stop = start(() => {
      stop();
      signal.removeEventListener('abort', hungUp);
      resolve();
    });
    if (signal.aborted) hungUp();
    else signal.addEventListener('abort', hungUp, { once: true });
  });
}
