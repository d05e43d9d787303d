import { configurationError, usageError } from '../errors.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Environment } from '../io.ts';
import type { Target } from './target.ts';

export interface FindTargetOptions {
  readonly projectRoot: string;
  readonly globals: GlobalOptions;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/**
 * Finds out where to act: `--stage` names a deployed stage; otherwise the local stack, when one runs. Rejects when
 * there is neither: no command ever acts on a stage that nobody named.
 */
export async function findTarget({ projectRoot, globals, env, signal }: FindTargetOptions): Promise<Target> {
  const { local = false, stage, region, profile } = globals;
  if (local && stage !== undefined) throw usageError('Give --local or --stage, not both.');
  if (stage !== undefined) {
    const { deployedTarget } = await import('./deployed-stack.ts');
    return deployedTarget({ stage, region, profile }, { env, signal });
  }
  if (region !== undefined || profile !== undefined) {
    throw usageError('--region and --profile are about a deployed stage: name it, with --stage.');
  }
  const { localTarget } = await import('./local-stack.ts');
  const target = await localTarget(projectRoot);
  if (target !== undefined) return target;
  const hint = local ? '' : ' Or name a deployed stage: --stage dev';
  throw configurationError('no-local-stack', `No local stack is running. Start one with: npm start.${hint}`);
}
