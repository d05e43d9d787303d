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
  readonly fault: { readonly kind: keyof typeof errors };
  /** How many matching calls pass unharmed first. */
  readonly after?: number;
}

/** Puts faults that can be switched on in front of a service. With none on, calls pass straight through. */
export function withFaults(service: AwsService) {
  const rules: { rule: FaultRule; toSpare: number }[] = [];

  function checkFaults(name: string): void {
    for (const entry of rules) {
      const { operation, fault } = entry.rule;
      if (operation !== '*' && operation !== name) continue;
      if (entry.toSpare === 0) throw errors[fault.kind];
      entry.toSpare -= 1;
    }
  }

  const operations = Object.entries(service.operations).map(([name, run]): [string, AwsOperation] => [
    name,
    async (input, context) => {
      checkFaults(name);
      return run(input, context);
    },
  ]);
  return {
    service: { ...service, operations: Object.fromEntries(operations) },
    faults: { add: (rule: FaultRule) => void rules.push({ rule, toSpare: rule.after ?? 0 }) },
  };
}
