import { RelayError } from '../errors.ts';
import { parseJson } from '../message/json.ts';

/**
 * Reads the webhook secret's value: a plain string, or a JSON list whose entries are all live (this is how one
 * rotates). Throws `secret-not-set` for an empty one and `secret-invalid` for a list that is not of non-empty strings,
 * and for what looks like any other JSON: taken as it stands, it would turn every event away.
 */
export function parseWebhookSecrets(value: string): readonly string[] {
  if (value.trim() === '') throw new RelayError('secret-not-set', 'The webhook secret is empty.');
  if (/^\s*[{"]/.test(value)) {
    throw new RelayError(
      'secret-invalid',
      'The webhook secret starts as a JSON object or a quoted string does: store it bare, or as a JSON list.',
    );
  }
  // A secret stored from a file brings the line feed at the file's end along.
  if (!value.trimStart().startsWith('[')) return [value.replace(/\r?\n$/, '')];
  const list = parseList(value);
  if (list === undefined || list.length === 0) {
    throw new RelayError(
      'secret-invalid',
      'The webhook secret starts with "[" but is not a JSON list of non-empty strings.',
    );
  }
  return list;
}

function parseList(value: string): string[] | undefined {
  const list = parseJson(value);
  const valid =
    Array.isArray(list) && list.every((entry) => typeof entry === 'string' && entry.trim() !== '');
  return valid ? list : undefined;
}
