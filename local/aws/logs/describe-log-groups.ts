import * as z from 'zod/mini';
import { invalidParameter } from './errors.ts';
import { optionalInteger, optionalText, placeIn, readInput, tokenFor } from './input.ts';
import type { LogGroup } from './log-group.ts';

const largestPage = 50;

const inputSchema = z.strictObject({
  logGroupNamePrefix: optionalText,
  logGroupNamePattern: optionalText,
  limit: optionalInteger(1, largestPage),
  nextToken: optionalText,
});

/** One page of the groups, by name, whose name begins with a prefix or holds a text. */
export function describeLogGroups(
  json: unknown,
  groups: readonly LogGroup[],
  arnOf: (name: string) => string,
): object {
  const { limit, nextToken, ...by } = readInput(inputSchema, json);
  const prefix = by.logGroupNamePrefix ?? undefined;
  const part = by.logGroupNamePattern ?? undefined;
  if (prefix !== undefined && part !== undefined)
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  const after = placeIn(nextToken) ?? '';
  const found = groups
    .filter(({ name }) => name > after && name.startsWith(prefix ?? '') && name.includes(part ?? ''))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const page = found.slice(0, limit ?? largestPage);
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
