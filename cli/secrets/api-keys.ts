import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { isObject, parseJson } from '../../lib/message/json.ts';
import {
  CommandError,
  ConnectlyError,
  configurationError,
  connectlyExitCode,
  exitCodes,
  usageError,
} from '../errors.ts';
import type { Target } from '../target/target.ts';
import { type WebhooksAccess, withWebhooks } from '../webhook/business-webhooks.ts';
import { isValidSecret } from './secret-argument.ts';

/** The businesses that an API key secret has keys for; undefined when it has one key for all. Throws `secret-invalid`. */
export function businessesIn(value: string): string[] | undefined {
  parseApiKeys(value);
  if (!isKeyed(value)) return undefined;
  const keys = parseJson(value);
  return isObject(keys) ? Object.keys(keys) : [];
}

/**
 * The API key secret's value with another key: for one business, or, without one, whole. A current value that makes no
 * sense is no obstacle; what does make sense in it is kept where one business is meant. Throws `secret-invalid` for a key
 * that is none.
 */
export function withKey(
  current: string | undefined,
  { key, businessId }: { readonly key: string; readonly businessId: string | undefined },
): string {
  const valid = current !== undefined && isValidSecret('api-key', current) ? current : undefined;
  parseApiKeys(key);
  if (businessId === undefined) {
    if (valid !== undefined && isKeyed(valid) && !isKeyed(key)) {
      throw configurationError(
        'keys-by-business',
        'The API key secret holds keys by business, and this one would take the place of all of them. Name the business: --business BUSINESS_ID',
      );
    }
    return key;
  }
  if (isKeyed(key)) {
    throw usageError('With --business, give the one key of that business, and no JSON object of keys.');
  }
  if (valid !== undefined && !isKeyed(valid)) {
    throw configurationError(
      'one-key-for-all',
      'The API key secret holds one key for every business. To change that one, leave out --business; for keys by business, set it to a JSON object of all of them.',
    );
  }
  return JSON.stringify({ ...validKeysIn(current ?? ''), [businessId]: key });
}

/** The keys by business of a value that may make no sense as a whole. */
function validKeysIn(value: string): Record<string, unknown> {
  const keys = parseJson(value);
  if (!isObject(keys)) return {};
  return Object.fromEntries(
    Object.entries(keys).filter(([id, key]) => isValidSecret('api-key', JSON.stringify({ [id]: key }))),
  );
}

function isKeyed(value: string): boolean {
  return value.trim().startsWith('{');
}

/** Which businesses a value is to be tried with. Throws `usage` when nothing names one. */
function businessesToCheck(value: string, businessId: string | undefined, target: Target): string[] {
  if (businessId !== undefined) return [businessId];
  const businesses = businessesIn(value) ?? (target.businessId === undefined ? [] : [target.businessId]);
  if (businesses.length === 0) {
    throw usageError(
      'Nothing says which business to try the key with. Name it, with --business BUSINESS_ID, or store the key untried: --no-check',
    );
  }
  return businesses;
}

export interface KeysToCheck {
  readonly value: string;
  /** Only the key of this one is tried. */
  readonly businessId: string | undefined;
  readonly signal: AbortSignal;
}

/** Asks Connectly for something harmless with each key. Rejects, and says that nothing was stored, when one is refused. */
export async function checkKeys(
  target: Target,
  { value, businessId: only, signal }: KeysToCheck,
): Promise<void> {
  const keys = parseApiKeys(value);
  for (const businessId of businessesToCheck(value, only, target)) {
    const apiKey = keys.keyFor(businessId);
    if (apiKey === undefined) {
      throw configurationError('no-key-for-business', `There is no key for business ${businessId}.`);
    }
    try {
      await withWebhooks({ target, businessId, apiKey, signal }, (each) => each.list());
    } catch (error) {
      if (!(error instanceof ConnectlyError)) throw error;
      throw refusal(error, businessId);
    }
  }
}

export interface ReplacedKeys extends KeysToCheck {
  readonly stored: string;
  /** Whether Connectly may be asked. */
  readonly check: boolean;
}

/** Whether a key goes that Connectly still accepts, or may accept: where nobody can tell, it does. */
export async function losesKey(
  target: Target,
  { stored, value, businessId, check, signal }: ReplacedKeys,
): Promise<boolean> {
  const [before, after] = [parseApiKeys(stored), parseApiKeys(value)];
  const businesses = businessesIn(stored) ?? [businessId ?? target.businessId];
  for (const id of businesses) {
    const apiKey = before.keyFor(id ?? '');
    if (apiKey === undefined || apiKey === after.keyFor(id ?? '')) continue;
    if (!check || id === undefined) return true;
    if (await isAccepted({ target, businessId: id, apiKey, signal })) return true;
  }
  return false;
}

async function isAccepted(access: WebhooksAccess): Promise<boolean> {
  try {
    await withWebhooks(access, (webhooks) => webhooks.list());
    return true;
  } catch (error) {
    if (!(error instanceof ConnectlyError)) throw error;
    return connectlyExitCode(error.status) !== exitCodes.credentials;
  }
}

function refusal(error: ConnectlyError, businessId: string): CommandError {
  const { status, code, message } = error;
  return new CommandError(
    connectlyExitCode(status),
    code,
    `Nothing was stored. For business ${businessId}: ${message} To store the key untried: --no-check`,
    { cause: error },
  );
}
