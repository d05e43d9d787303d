import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Need } from './template-needs.ts';

/** A need, and the name of the policy that it is judged by. */
export interface Judged {
  readonly policy: string;
  /** The name of the policy that the resource has of its own. */
  readonly resourcePolicy?: string;
  /** The ARN of who asks, where that matters. */
  readonly principal?: string;
  readonly need: Pick<Need, 'action' | 'resource' | 'context'>;
}

const verdictSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    result: z.enum(['Allowed', 'ImplicitlyDenied', 'ExplicitlyDenied']),
    hasNoResources: z.boolean(),
    /** The evaluator's data does not know the action, or the kind of resource for it. */
    unlisted: z.string().optional(),
  }),
]);

/** Whether a policy allows what is needed. */
export interface Verdict {
  readonly allowed: boolean;
  /** A statement says no; not only that none says yes. */
  readonly isForbidden: boolean;
  /** IAM knows no resource for the action: it is allowed on everything, or not at all. */
  readonly hasNoResources: boolean;
  /** The evaluator's data does not know the action. */
  readonly isUnknown: boolean;
}

/** Judges needs by the policies of these names. */
export type Judge = (
  judged: readonly Judged[],
  policies: Readonly<Record<string, object>>,
) => Promise<Verdict[]>;

/**
 * The evaluator, which runs in a process of its own. `modules`: the folder that it is in. A judgement rejects when it
 * cannot make sense of a policy or a request.
 */
export function evaluatorIn({ modules, projectRoot }: { modules: string; projectRoot: string }): Judge {
  return (judged, policies) => evaluate(judged, { policies, modules, projectRoot });
}

async function evaluate(
  judged: readonly Judged[],
  { policies, modules, projectRoot }: { policies: object; modules: string; projectRoot: string },
): Promise<Verdict[]> {
  // Each question is asked once: many resources are read, updated and tagged by the same action.
  const texts = judged.map(({ policy, resourcePolicy, principal, need: { action, resource, context } }) =>
    JSON.stringify({ policy, resourcePolicy, principal, action, resource, context }),
  );
  const questions = [...new Set(texts)];
  const program = join(projectRoot, 'test/template/permissions/evaluate.mjs');
  const child = spawn(process.execPath, [program, modules], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`{"policies":${JSON.stringify(policies)},"requests":[${questions.join()}]}`);
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`The evaluator ended with ${String(code ?? signal)}.`);
  const verdicts = z.array(verdictSchema).parse(JSON.parse(printed));
  const answers = new Map(questions.map((question, index) => [question, verdicts[index]]));
  return texts.map((question) => {
    const verdict = answers.get(question) ?? { error: 'The evaluator has left an answer out.' };
    if ('error' in verdict) throw new Error(verdict.error);
    return {
      allowed: verdict.result === 'Allowed',
      isForbidden: verdict.result === 'ExplicitlyDenied',
      hasNoResources: verdict.hasNoResources,
      isUnknown: verdict.unlisted === 'invalid.action',
    };
  });
}
