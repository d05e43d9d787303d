import { failureOf } from '../errors.ts';

export type Verdict = 'ok' | 'warning' | 'failed';

export interface Finding {
  readonly verdict: Verdict;
  readonly finding: string;
  /** The command that mends just this, where that of the check would not. */
  readonly remedy?: string;
}

export interface Check {
  readonly name: string;
  /** The command that mends it, unless a finding has its own. */
  readonly remedy: string;
  /** A rejection is a failure, too. */
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

/** What a check has found, with the remedy unless all is well. */
export interface CheckResult extends Finding {
  readonly check: string;
}

export interface RunChecksOptions {
  /** How long each may take, in milliseconds. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Runs checks side by side, none longer than it may. Results come in the order of the checks. */
export function runChecks(
  checks: readonly Check[],
  { deadlineMs, signal }: RunChecksOptions,
): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, remedy, run }) => {
      const found = await withDeadline(run, { deadlineMs, signal });
      return { check: name, ...found, ...(found.verdict !== 'ok' && { remedy: found.remedy ?? remedy }) };
    }),
  );
}

async function withDeadline(run: Check['run'], { deadlineMs, signal }: RunChecksOptions): Promise<Finding> {
  const deadline = new AbortController();
  const late: Finding = { verdict: 'failed', finding: `No answer within ${deadlineMs / 1000} s.` };
  let timer: NodeJS.Timeout | undefined;
  // Not everything that is asked can be aborted.
  const timeOut = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      deadline.abort();
      resolve(late);
    }, deadlineMs);
  });
  try {
    return await Promise.race([run(AbortSignal.any([signal, deadline.signal])), timeOut]);
  } catch (error) {
    signal.throwIfAborted();
    return { verdict: 'failed', finding: failureOf(error).message };
  } finally {
    clearTimeout(timer);
  }
}

export const ok = (finding: string): Finding => ({ verdict: 'ok', finding });
export const warning = (finding: string, own?: OwnRemedy): Finding => ({
  verdict: 'warning',
  finding,
  ...own,
});
export const failed = (finding: string, own?: OwnRemedy): Finding => ({ verdict: 'failed', finding, ...own });

type OwnRemedy = Required<Pick<Finding, 'remedy'>>;
