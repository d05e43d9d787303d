import * as z from 'zod/mini';
import { invalidParameter, invalidToken } from './errors.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { optionalInteger, optionalText, placeIn, readInput, tokenFor } from './input.ts';
import type { LogEvent, LogGroup } from './log-group.ts';

/** A page is 10,000 events or 1 MB, whichever is less. */
const maximumEvents = 10_000;
const maximumPageBytes = 1024 * 1024;
/** What AWS adds to each event's own bytes. */
const overheadBytes = 26;

const inputSchema = z.strictObject({
  logGroupName: optionalText,
  logGroupIdentifier: optionalText,
  logStreamNames: z.nullish(z.array(z.string())),
  logStreamNamePrefix: optionalText,
  startTime: optionalInteger(),
  endTime: optionalInteger(),
  filterPattern: optionalText,
  limit: optionalInteger(1, maximumEvents),
  nextToken: optionalText,
  // AWS itself takes no notice of this one any more, and nothing is masked here.
  interleaved: z.optional(z.unknown()),
  unmask: z.optional(z.unknown()),
});
type FilterInput = z.infer<typeof inputSchema>;

/** One page of a group's events, oldest first: those of a time (both ends included), of streams, with a pattern. */
export function filterLogEvents(json: unknown, groupOf: (nameOrArn: string) => LogGroup): object {
  const input = readInput(inputSchema, json);
  const group = groupOf(groupIn(input));
  const limit = input.limit ?? maximumEvents;
  const isWanted = matcherOf(input);
  const after = Number(placeIn(input.nextToken) ?? 0);
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

function groupIn({ logGroupName, logGroupIdentifier }: FilterInput): string {
  const [value, ...more] = [logGroupName ?? [], logGroupIdentifier ?? []].flat();
  if (value === undefined || more.length > 0)
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier has to be given.');
  return value;
}

function matcherOf(input: FilterInput): (event: LogEvent) => boolean {
  const start = input.startTime ?? 0;
  const end = input.endTime ?? Infinity;
  if (end < start) throw invalidParameter('endTime is before startTime.');
  const streams = input.logStreamNames ?? undefined;
  const prefix = input.logStreamNamePrefix ?? undefined;
  if (streams !== undefined && prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be given.');
  const matches = parseFilterPattern(input.filterPattern ?? '');
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
