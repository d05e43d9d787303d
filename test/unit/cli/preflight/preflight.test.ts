import { expect, it } from 'vitest';
import type { CheckResult } from '../../../../cli/checks/check.ts';
import { withoutRepetition } from '../../../../cli/preflight/preflight.ts';

const failed = (check: string, finding: string): CheckResult => ({ check, verdict: 'failed', finding });

it('preflight says once that nobody could be asked', () => {
  const lost = 'Not known: There are no AWS credentials that work (ExpiredToken).';
  const packaged: CheckResult = { check: 'package', verdict: 'ok', finding: 'The template has 54 resources' };

  const said = withoutRepetition([
    failed('identity', lost),
    packaged,
    failed('stack', lost),
    failed('ledger', lost),
  ]);

  expect(said).toEqual([failed('identity', lost), packaged]);
});

it('preflight says all that it has found where it knows who asks', () => {
  const results = [failed('queues', 'There already'), failed('ledger', 'There already')];

  const said = withoutRepetition(results);

  expect(said).toEqual(results);
});
