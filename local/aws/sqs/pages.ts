import { invalidParameterValue, invalidValueFor } from './errors.ts';
import { type Input, optionalInteger, optionalString } from './input.ts';

const largestPage = 1_000;

/**
 * One page of a list. As on AWS, a token comes only to those who asked for a page size; others get the first thousand.
 * The token is the name of the last item shown, so that queues which come and go in between do no harm.
 */
export function pageOf<Item extends { readonly name: string }>(
  items: readonly Item[],
  input: Input,
): { readonly items: readonly Item[]; readonly token: { readonly NextToken?: string } } {
  const maximum = optionalInteger(input, 'MaxResults');
  if (maximum !== undefined && (maximum < 1 || maximum > largestPage))
    throw invalidValueFor('MaxResults', maximum, `Must be between 1 and ${largestPage}, if provided.`);
  const after = decodeToken(optionalString(input, 'NextToken'));
  const rest = after === undefined ? items : items.filter(({ name }) => name > after);
  const page = rest.slice(0, maximum ?? largestPage);
  const last = page.at(-1);
  if (maximum === undefined || last === undefined || page.length === rest.length)
    return { items: page, token: {} };
  return { items: page, token: { NextToken: Buffer.from(`after ${last.name}`).toString('base64') } };
}

function decodeToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const [, name] = /^after (.+)$/s.exec(Buffer.from(token, 'base64').toString('utf8')) ?? [];
  if (name === undefined) throw invalidParameterValue('Invalid or expired next token.');
  return name;
}
