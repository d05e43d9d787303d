/** Something that AWS documents about a service, as a check that any endpoint can be asked to pass. */
export interface Rule<Context> {
  readonly name: string;
  /** Where AWS says so, or who has seen it. */
  readonly source: string;
  run(context: Context): Promise<void>;
}

/** A rule that needs more time than there is at an endpoint. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}

export interface Outcome {
  readonly rule: Omit<Rule<unknown>, 'run'>;
  readonly kind: 'kept' | 'broken' | 'not runnable';
  /** Why it is broken or not runnable: one line. */
  readonly reason: string;
}

/** Runs rules, `atOnce` of them side by side, each in a context of its own, and says of each whether it is kept. */
export async function runRules<Context extends { close(): void }>(
  rules: readonly Rule<Context>[],
  { open, atOnce = 1 }: { open: () => Context; atOnce?: number },
): Promise<readonly Outcome[]> {
  const outcomes = new Map<unknown, Outcome>();
  const waiting = rules.values();
  const work = async () => {
    for (const rule of waiting) outcomes.set(rule, await runRule(rule, open()));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return rules.map((rule) => outcomes.get(rule)).filter((outcome) => outcome !== undefined);
}

async function runRule<Context extends { close(): void }>(
  rule: Rule<Context>,
  context: Context,
): Promise<Outcome> {
  try {
    await rule.run(context);
    return { rule, kind: 'kept', reason: '' };
  } catch (error) {
    const kind = error instanceof NotRunnable ? 'not runnable' : 'broken';
    const message = error instanceof Error ? error.message : String(error);
    return { rule, kind, reason: message.split('\n', 1).join('').slice(0, 160) };
  } finally {
    context.close();
  }
}
