import { NotRunnable, type Rule, RuleContext, type Time } from './rule.ts';

export interface Outcome {
  readonly rule: Rule;
  readonly kind: 'kept' | 'broken' | 'not runnable';
  /** Why it is broken or not runnable: one line. */
  readonly reason: string;
}

/** Runs rules against an endpoint, `atOnce` of them side by side, and says of each whether it is kept there. */
export async function runRules(
  rules: readonly Rule[],
  { endpoint, time, atOnce }: { endpoint: string; time: Time; atOnce: number },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = rules.values();
  const work = async () => {
    for (const rule of waiting) outcomes.push(await runRule(rule, new RuleContext(endpoint, time)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes.toSorted((a, b) => rules.indexOf(a.rule) - rules.indexOf(b.rule));
}

async function runRule(rule: Rule, context: RuleContext): Promise<Outcome> {
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
