import { suppressions } from '../../resources/suppressions.ts';

/** A check that checkov did not make, because the template says why it does not apply. */
export interface Skip {
  readonly id: string;
  readonly reason: string;
}

/** How often each check is skipped in the template of prod. Another number is a decision: make it here. */
export const expectedSkips: Readonly<Record<string, number>> = {
  CKV_AWS_18: 1,
  CKV_AWS_21: 1,
  CKV_AWS_26: 1,
  CKV_AWS_27: 5,
  CKV_AWS_115: 3,
  CKV_AWS_116: 3,
  CKV_AWS_117: 3,
  CKV_AWS_119: 1,
  CKV_AWS_149: 2,
  CKV_AWS_158: 4,
  CKV_AWS_173: 3,
};

export interface Tally extends Skip {
  readonly count: number;
}

/** The skips by check and reason, in the order in which they came. */
export function tallyOf(skips: readonly Skip[]): Tally[] {
  const counts = new Map<string, Tally>();
  for (const { id, reason } of skips) {
    const key = `${id} ${reason}`;
    counts.set(key, { id, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** What is wrong with the skips: one more or one less than expected, without a reason, or one that skips nothing. */
export function problemsOf(skips: readonly Skip[]): string[] {
  const count = (id: string) => skips.filter((skip) => skip.id === id).length;
  const ids = new Set([...skips.map(({ id }) => id), ...Object.keys(expectedSkips)]);
  const counted = [...ids]
    .filter((id) => count(id) !== (expectedSkips[id] ?? 0))
    .map((id) => `${id} is skipped ${count(id)} times, not ${expectedSkips[id] ?? 0}`);
  const unexplained = skips
    .filter(({ reason }) => reason.trim() === '')
    .map(({ id }) => `${id} is skipped without a reason`);
  const listed = Object.values(suppressions)
    .flat()
    .flatMap((suppression) => suppression.ids)
    .filter((id) => id.startsWith('CKV'));
  const idle = listed
    .filter((id) => count(id) === 0)
    .map((id) => `${id} is suppressed, and checkov never asks for it`);
  return [...counted, ...unexplained, ...idle];
}
