import { unlessUnanswered } from '../checks/account-checks.ts';
import { type Check, failed, ok } from '../checks/check.ts';
import { pauseInWords, pausesOf, type SendingPause } from '../logs/pauses.ts';
import type { Target } from '../target/target.ts';

/** Whether messages that are due are sent, as far as Connectly lets them. */
export function pauseCheck(target: Target): Check {
  const { options } = target;
  return {
    name: 'pauses',
    remedy: `npx relay tail --only failures ${options}`,
    run: (signal) =>
      unlessUnanswered(async () => {
        const now = Date.now();
        const pauses = await pausesOf(target, { now, signal });
        if (pauses.length === 0) return ok('Nothing keeps messages back');
        const finding = pauses.flatMap((pause) => [pauseInWords(pause, now), pause.meaning]);
        const remedies = pauses.flatMap((pause) => remediesOf(pause, options));
        return failed(finding.filter(Boolean).join(' '), { remedy: remedies.join('\n') });
      }),
  };
}

function remediesOf({ cause, remedy }: SendingPause, options: string): string[] {
  return [
    ...(remedy === undefined ? [] : [remedy]),
    ...(isAboutKey(cause) ? [`npx relay secrets set api-key ${options}`] : []),
    `npx relay explain ${cause}`,
  ];
}

/** Causes that another API key may mend. */
function isAboutKey(cause: string): boolean {
  return /^(connectly-401|no-key-for-business|secret-(not-set|invalid))$/.test(cause);
}
