import type { Figure } from '../harness/figures.ts';
import type { Report } from './report.ts';

/** What a run must reach under its policy. */
export function figuresOf(report: Report): readonly Figure[] {
  const { unclearInjected, killedInjected } = report;
  const always: readonly Figure[] = [
    { name: 'lost', value: report.lost, atMost: 0 },
    { name: 'accepted twice for no reason', value: report.duplicatesUnexplained, atMost: 0 },
    { name: 'outcome-unknown for no reason', value: report.outcomeUnknownUnexplained, atMost: 0 },
    { name: 'in the DLQ without a reason', value: report.deadLettersByReason['no reason'] ?? 0, atMost: 0 },
    { name: 'still queued at the end', value: report.stillQueued, atMost: 0 },
    { name: 'invocations that ran into their timeout', value: report.timeouts, atMost: 0 },
    { name: 'personal data or secrets written down', value: report.canaries.length, atMost: 0 },
  ];
  switch (report.policy) {
    case 'hold':
      return [
        ...always,
        { name: 'accepted twice', value: report.duplicates, atMost: 0 },
        {
          name: 'called refused though accepted, but for copies that SQS did not confirm',
          value: report.refusedButAccepted - report.refusedUnconfirmed,
          atMost: 0,
        },
        {
          name: 'outcome-unknown, but for those that the ledger would not release',
          value: report.outcomeUnknown - report.outcomeUnknownByLedger,
          atMost: unclearInjected + killedInjected,
        },
      ];
    case 'resend':
      return [
        ...always,
        {
          name: 'accepted again, but for those that the ledger would not write down',
          value: report.duplicates - report.duplicatesByLedger,
          atMost: unclearInjected + killedInjected,
        },
      ];
    case 'settle':
      return [
        ...always,
        {
          name: 'accepted again, with an id',
          value: report.duplicates - report.duplicatesWithoutId,
          atMost: report.acceptedUnreported,
        },
        {
          name: 'accepted again, without one',
          value: report.duplicatesWithoutId,
          atMost: unclearInjected + killedInjected,
        },
      ];
  }
}
