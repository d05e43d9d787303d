import { type Judgement, judge, type Outcome } from './outcome.ts';

export interface ProbedConnectly {
  /** Asks for something harmless with the key of that business. Never rejects. */
  ask(businessId: string): Promise<Outcome>;
}

/**
 * The dispatcher's probe: asks Connectly something harmless and judges what came of it. `onFailed` hears of
 * whatever keeps sending paused: no message is tried meanwhile that could say so.
 */
export function createProbe(
  connectly: ProbedConnectly,
  onFailed: (outcome: Outcome) => void,
): (businessId: string) => Promise<Judgement> {
  return async (businessId) => {
    const outcome = await connectly.ask(businessId);
    const judgement = judge(outcome);
    if (judgement.pace !== 'answered') onFailed(outcome);
    return judgement;
  };
}
