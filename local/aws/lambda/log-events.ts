import type { FunctionLog } from './lambda-function.ts';

/**
 * What a function's log group gets of a line or a report, in Lambda's text format, line feeds included. `at` is when.
 * Lambda's START and END lines are left out: they say nothing that the others do not.
 */
export function logEventsOf(log: FunctionLog, at: Date): string[] {
  if (log.stream !== 'platform') return [`${log.line}\n`];
  const { requestId, report } = log;
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${report.billedDurationMs} ms`,
    `Memory Size: ${report.memoryMb} MB`,
  ];
  if (report.initDurationMs !== undefined)
    parts.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`);
  const reason = report.errorMessage ?? '';
  switch (report.status) {
    case 'timeout':
      return [
        `${at.toISOString()} ${requestId} ${reason}\n\n`,
        `${[...parts, 'Status: timeout'].join('\t')}\n`,
      ];
    case 'exit':
      return [
        `RequestId: ${requestId} Error: ${reason}\nRuntime.ExitError\n`,
        `${[...parts, 'Status: error', 'Error Type: Runtime.ExitError'].join('\t')}\n`,
      ];
    // An error that the function threw has been logged by the runtime client.
    case 'function-error':
    case 'success':
      return [`${parts.join('\t')}\n`];
  }
}
