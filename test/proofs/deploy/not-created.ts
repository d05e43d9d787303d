import type { Emulator } from './emulator.ts';

/**
 * What is wrong with the list of what an emulator leaves out: for each type that the template has, whether it was created
 * must agree with it.
 */
export function disagreements(
  leavesOut: Emulator['leavesOut'],
  resources: ReadonlyMap<string, { readonly type: string; readonly created: boolean }>,
): string[] {
  const problems = [...resources].flatMap(([logicalId, { type, created }]) => {
    const listed = Object.hasOwn(leavesOut, type);
    if (!created && !listed) return `${logicalId} (${type}) was not created, and no check is named for it`;
    if (created && listed) return `${logicalId} (${type}) was created: take it off the list`;
    return [];
  });
  const types = new Set([...resources.values()].map(({ type }) => type));
  const stale = Object.keys(leavesOut).filter((type) => !types.has(type));
  return [...problems, ...stale.map((type) => `the template has no ${type}: take it off the list`)];
}
