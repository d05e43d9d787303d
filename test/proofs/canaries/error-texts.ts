/**
 * What an error says about itself: message, stack and own fields, and those of its causes. An error that the run itself
 * has thrown in from outside ends the chain: what it quotes is where it came from, and only what is made of it counts.
 */
export function readErrorTexts(error: unknown, injected: WeakSet<Error>): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (injected.has(error)) return [];
  const { name, message, stack = '', cause } = error;
  const own = [name, message, stack, JSON.stringify(Object.entries(error))];
  return cause === undefined ? own : [...own, ...readErrorTexts(cause, injected)];
}
