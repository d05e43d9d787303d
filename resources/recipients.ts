/** Who a stage sends to, by its setting `onlyTo`. */
export type Recipients = 'named' | 'everybody' | 'unset';

/** `everybody` is meant so; with `unset` nobody has said anything, and everybody is sent to. */
export function recipientsOf(onlyTo: string): Recipients {
  if (onlyTo === '*') return 'everybody';
  return onlyTo === '' ? 'unset' : 'named';
}

/**
 * What to tell whoever packages a stage that sends to everybody without anybody having said so; undefined for the local
 * stage, whose Connectly is not the real one, for prod, and where it has been said.
 */
export function openStageWarning(
  stage: string,
  recipients: unknown,
): { readonly finding: string; readonly remedy: string } | undefined {
  if (recipients !== 'unset' || stage === 'local' || stage === 'prod') return undefined;
  return {
    finding: `The stage ${stage} sends to everybody, and Connectly has no sandbox.`,
    remedy: `Name who may be sent to in serverless.yml, below params ('*' is everybody):\n\n  ${stage}:\n    onlyTo: '+15555555555'`,
  };
}

/**
 * Why a deployment may not go on: it would open a stage that sends to named recipients only. `deployed` and `next` are
 * ONLY_TO of the function before and after; undefined for a function that is not there.
 */
export function openingProblems({
  stage,
  deployed,
  next,
}: {
  readonly stage: string;
  readonly deployed: string | undefined;
  readonly next: string;
}): string[] {
  if (recipientsOf(deployed ?? '') !== 'named' || recipientsOf(next) !== 'unset') return [];
  return [
    `onlyTo is not set, but the deployed stage ${stage} has one: this deployment would let it send to everybody. Write it into serverless.yml, below params.${stage}; or '*' where everybody is meant.`,
  ];
}
