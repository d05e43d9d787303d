import { AwsError, type AwsOperation, type AwsService } from '../../local/aws/protocols/service.ts';

const errors = {
  throttle: new AwsError('ThrottlingException', 'Rate exceeded'),
  'internal-error': new AwsError('InternalServiceError', 'An error occurred on the server side.', {
    status: 500,
  }),
  'access-denied': new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
} as const;

export interface FaultRule {
  /** An operation's name, or `*` for every one. */
  readonly operation: string;
  /** `silence`: neither done nor answered. `lost-answer`: done, and never answered. */
  readonly fault: { readonly kind: keyof typeof errors | 'silence' | 'lost-answer' };
  /** How many matching calls pass unharmed first. */
  readonly after?: number;
  /** How many calls it harms; all when absent. */
  readonly times?: number;
}

const forEver = new Promise<never>(() => {});

/** Puts faults that can be switched on in front of a service. With none on, calls pass straight through. */
export function withFaults(service: AwsService) {
  const rules: { rule: FaultRule; toSpare: number; left: number }[] = [];
  const calls: string[] = [];

  function nextFault(name: string) {
    for (const entry of rules) {
      const { operation, fault } = entry.rule;
      if (entry.left === 0 || (operation !== '*' && operation !== name)) continue;
      if (entry.toSpare === 0) {
        entry.left -= 1;
        return fault.kind;
      }
      entry.toSpare -= 1;
    }
    return undefined;
  }

  const operations = Object.entries(service.operations).map(([name, run]): [string, AwsOperation] => [
    name,
    async (input, context) => {
      calls.push(name);
      const fault = nextFault(name);
      if (fault === undefined) return run(input, context);
      if (fault === 'silence') return forEver;
      if (fault !== 'lost-answer') throw errors[fault];
      await run(input, context);
      return forEver;
    },
  ]);
  return {
    service: { ...service, operations: Object.fromEntries(operations) },
    /** The operations that were asked for, in turn. */
    calls,
    faults: {
      add: (rule: FaultRule) =>
        void rules.push({ rule, toSpare: rule.after ?? 0, left: rule.times ?? Number.POSITIVE_INFINITY }),
    },
  };
}
