import * as z from 'zod/mini';
import { readJson } from '../../read-json.ts';
import { invalidParameter, invalidToken } from './errors.ts';

/** Reads a call's input. Throws AWS's error for what it refuses, and for a member that is not emulated. */
export function readInput<S extends z.ZodMiniType>(schema: S, json: unknown): z.output<S> {
  return readJson(schema, json, ({ field, text }) => invalidParameter(`${field} ${text}.`));
}

/** Null counts as absent, as in AWS's JSON. */
export const optionalText = z.nullish(z.string());

export const optionalInteger = (min = 0, max = Number.MAX_SAFE_INTEGER) =>
  z.nullish(z.int().check(z.gte(min), z.lte(max)));

/** A token of ours is a place in a list, made opaque. */
export function tokenFor(place: string): string {
  return Buffer.from(`after ${place}`).toString('base64url');
}

/** The place in a token of ours. */
export function placeIn(token: string | null | undefined): string | undefined {
  if (token === undefined || token === null) return undefined;
  const [, place] = /^after (.+)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (place === undefined) throw invalidToken();
  return place;
}
