import { Buffer } from 'node:buffer';
import { AwsError } from '../protocols/service.ts';

/** One page of a list; the token is opaque to the caller and says where the next page starts. */
export function nextPage<T>(
  all: readonly T[],
  { limit, token }: { limit: number; token: string | undefined },
): { entries: T[]; nextToken: string | undefined } {
  const start = token === undefined ? 0 : startOf(token);
  const end = start + limit;
  return {
    entries: all.slice(start, end),
    nextToken: end < all.length ? Buffer.from(`page:${end}`).toString('base64url') : undefined,
  };
}

function startOf(token: string): number {
  const start = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  return Number(start);
}
