import { invalidParameter } from './errors.ts';
import { type Input, optionalInteger, optionalText, placeInToken, refuseOthers, tokenFor } from './input.ts';
import type { LogGroup } from './log-group.ts';

const largestPage = 50;

/** One page of the groups, by name, whose name begins with a prefix or holds a text. */
export function describeLogGroups(
  input: Input,
  groups: readonly LogGroup[],
  arnOf: (name: string) => string,
): object {
  refuseOthers(input, ['logGroupNamePrefix', 'logGroupNamePattern', 'limit', 'nextToken']);
  const prefix = optionalText(input, 'logGroupNamePrefix');
  const part = optionalText(input, 'logGroupNamePattern');
  if (prefix !== undefined && part !== undefined)
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  const limit = optionalInteger(input, 'limit', { min: 1, max: largestPage }) ?? largestPage;
  const after = placeInToken(input) ?? '';
  const found = groups
    .filter(({ name }) => name > after && name.startsWith(prefix ?? '') && name.includes(part ?? ''))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    logGroups: page.map(({ name, createdAt, storedBytes }) => ({
      logGroupName: name,
      creationTime: createdAt,
      metricFilterCount: 0,
      // The older of the two names for it ends in a wildcard, the newer does not.
      arn: `${arnOf(name)}:*`,
      logGroupArn: arnOf(name),
      logGroupClass: 'STANDARD',
      storedBytes,
    })),
    ...(last !== undefined && page.length < found.length && { nextToken: tokenFor(last.name) }),
  };
}
