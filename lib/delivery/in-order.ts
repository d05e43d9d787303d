/** Runs things one after the other that have the same key, and all others side by side. */
export type InOrder<Result> = (
  key: string,
  run: (before: Result | undefined) => Promise<Result>,
) => Promise<Result>;

/**
 * `run` is given what the one before it came to; undefined when it is the first of its key. One that rejects has come to
 * `broken`.
 */
export function createInOrder<Result>(broken: Result): InOrder<Result> {
  const latest = new Map<string, Promise<Result>>();
  return (key, run) => {
    const before = latest.get(key);
    const current = before === undefined ? run(undefined) : before.catch(() => broken).then(run);
    latest.set(key, current);
    return current;
  };
}
