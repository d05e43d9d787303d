import * as z from 'zod';
import { failureOf, proxyHint } from '../errors.ts';

/** What a check has found, with the remedy unless all is well. */
export const checkResultSchema = z.strictObject({
  check: z.string(),
  verdict: z.enum(['ok', 'warning', 'failed']),
  finding: z.string(),
  /** The command that mends it. */
  remedy: z.exactOptional(z.string()),
});

export type CheckResult = z.infer<typeof checkResultSchema>;

/** The same of a check that need not know its name. A remedy is for what that of the check would not mend. */
export type Finding = Omit<CheckResult, 'check'>;

export interface Check {
  readonly name: string;
  /** The command that mends it, unless a finding has its own. */
  readonly remedy: string;
  /** A rejection is a failure, too. */
  readonly run: (signal: AbortSignal) => Promise<Finding>;
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
  const late = failed(`Not known: no answer within ${deadlineMs / 1000} s.`, {
    remedy: `Look at the network. ${proxyHint}`,
  });
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
    return findingOn(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The codes of errors by which nobody was asked: what the check is about has nothing to do with it. */
const nobodyAsked =
  /^(credentials|certificate-untrusted|aws-unreadable|(aws|connectly|webhook)-unreachable|proxy-[a-z]+)$/;

function findingOn(error: unknown): Finding {
  const { code, message } = failureOf(error);
  if (!nobodyAsked.test(code)) return failed(message);
  const [what = message, ...remedy] = message.split(/(?<=\.) /);
  return failed(`Not known: ${what}`, remedy.length === 0 ? undefined : { remedy: remedy.join(' ') });
}

export const ok = (finding: string): Finding => ({ verdict: 'ok', finding });
export const warning = (finding: string, own?: OwnRemedy): Finding => ({
  verdict: 'warning',
  finding,
  ...own,
});
export const failed = (finding: string, own?: OwnRemedy): Finding => ({ verdict: 'failed', finding, ...own });

type OwnRemedy = Required<Pick<Finding, 'remedy'>>;
