import * as z from 'zod/mini';
import { readSpec } from './fields.ts';

const secret = z.string().check(z.minLength(1));

/** What the vendor and the customer share. Both can be changed while the fake runs, as in a rotation. */
const secrets = z.strictObject({
  /** One key for every business, or a key for each, by business id. */
  apiKey: z.union(
    [secret, z.record(z.string(), secret)],
    'must be a key, or an object with a key for each business',
  ),
  webhookSecret: secret,
});
export type Secrets = Readonly<z.infer<typeof secrets>>;

/** Throws a `FieldError` that names the field, never its value. */
export function readSecrets(json: unknown): Secrets {
  return readSpec(secrets, json);
}

/** Lays a change that came as JSON over the secrets. Throws as `readSecrets` does. */
export function changeSecrets(current: Secrets, json: unknown): Secrets {
  return Object.assign({}, current, readSpec(z.partial(secrets), json));
}

/** The key of a business; undefined when there is none. */
export function apiKeyOf({ apiKey }: Secrets, businessId: string): string | undefined {
  if (typeof apiKey === 'string') return apiKey;
  return Object.hasOwn(apiKey, businessId) ? apiKey[businessId] : undefined;
}
