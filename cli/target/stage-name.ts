import { isStage } from '../../resources/settings.ts';
import { usageError } from '../errors.ts';

/** Throws `usage` for what no stage can be called. */
export function expectStageName(name: string): void {
  if (!isStage(name))
    throw usageError(
      `--stage ${name} is the name of no stage: letters, digits and hyphens between them, 32 at most.`,
    );
}
