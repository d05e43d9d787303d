import { FieldReader, isJsonObject } from './fields.ts';

/** What the vendor and the customer share. Both can be changed while the fake runs, as in a rotation. */
export interface Secrets {
  /** One key for every business, or a key for each, by business id. */
  readonly apiKey: string | Readonly<Record<string, string>>;
  readonly webhookSecret: string;
}

/** Lays a change that came as JSON over the secrets. Throws a `FieldError` that names the field, never its value. */
export function changeSecrets(current: Secrets | undefined, json: unknown): Secrets {
  const change = new FieldReader(json);
  change.refuseOthers(['apiKey', 'webhookSecret']);
  const webhookSecret = change.has('webhookSecret')
    ? change.requiredString('webhookSecret')
    : current?.webhookSecret;
  const apiKey = change.has('apiKey') ? readApiKey(change) : current?.apiKey;
  return {
    apiKey: apiKey ?? change.fail('apiKey', 'is required'),
    webhookSecret: webhookSecret ?? change.fail('webhookSecret', 'is required'),
  };
}

/** The key of a business; undefined when there is none. */
export function apiKeyOf({ apiKey }: Secrets, businessId: string): string | undefined {
  if (typeof apiKey === 'string') return apiKey;
  return Object.hasOwn(apiKey, businessId) ? apiKey[businessId] : undefined;
}

function readApiKey(change: FieldReader): Secrets['apiKey'] {
  if (!isJsonObject(change.get('apiKey'))) return change.requiredString('apiKey');
  const keys = change.requiredObject('apiKey');
  return Object.fromEntries(Object.keys(keys.raw()).map((id) => [id, keys.requiredString(id)]));
}
