import { invalidParameter, invalidToken } from './errors.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import {
  type Input,
  optionalInteger,
  optionalText,
  optionalTexts,
  placeInToken,
  refuseOthers,
  tokenFor,
} from './input.ts';
import type { LogEvent, LogGroup } from './log-group.ts';

/** A page is 10,000 events or 1 MB, whichever is less. */
const maximumEvents = 10_000;
const maximumPageBytes = 1024 * 1024;
/** What AWS adds to each event's own bytes. */
const overheadBytes = 26;

const known = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamNames',
  'logStreamNamePrefix',
  'startTime',
  'endTime',
  'filterPattern',
  'limit',
  'nextToken',
  // AWS itself takes no notice of this one any more, and nothing is masked here.
  'interleaved',
  'unmask',
];

/** One page of a group's events, oldest first: those of a time (both ends included), of streams, with a pattern. */
export function filterLogEvents(input: Input, groupOf: (nameOrArn: string) => LogGroup): object {
  refuseOthers(input, known);
  const group = groupOf(oneOf(input, 'logGroupName', 'logGroupIdentifier'));
  const limit = optionalInteger(input, 'limit', { min: 1, max: maximumEvents }) ?? maximumEvents;
  const isWanted = matcherOf(input);
  const after = Number(placeInToken(input) ?? 0);
  if (!Number.isSafeInteger(after)) throw invalidToken();

  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of group.events()) {
    if (event.sequence <= after || !isWanted(event)) continue;
    bytes += Buffer.byteLength(event.message) + overheadBytes;
    const last = page.at(-1);
    if (last !== undefined && (page.length === limit || bytes > maximumPageBytes))
      return { events: page.map(described), searchedLogStreams: [], nextToken: tokenFor(`${last.sequence}`) };
    page.push(event);
  }
  return { events: page.map(described), searchedLogStreams: [] };
}

function oneOf(input: Input, field: string, other: string): string {
  const [value, ...more] = [optionalText(input, field), optionalText(input, other)].filter(
    (each) => each !== undefined,
  );
  if (value === undefined || more.length > 0)
    throw invalidParameter(`Exactly one of ${field} and ${other} has to be given.`);
  return value;
}

function matcherOf(input: Input): (event: LogEvent) => boolean {
  const start = optionalInteger(input, 'startTime') ?? 0;
  const end = optionalInteger(input, 'endTime') ?? Infinity;
  if (end < start) throw invalidParameter('endTime is before startTime.');
  const streams = optionalTexts(input, 'logStreamNames');
  const prefix = optionalText(input, 'logStreamNamePrefix');
  if (streams !== undefined && prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be given.');
  const matches = parseFilterPattern(optionalText(input, 'filterPattern') ?? '');
  return ({ at, logStreamName, message }) =>
    at >= start &&
    at <= end &&
    (streams?.includes(logStreamName) ?? true) &&
    logStreamName.startsWith(prefix ?? '') &&
    matches(message);
}

function described({ sequence, logStreamName, at, message }: LogEvent): object {
  // AWS's ids, too, are numbers of 56 digits that grow.
  const eventId = String(sequence).padStart(56, '0');
  return { logStreamName, timestamp: at, message, ingestionTime: at, eventId };
}
