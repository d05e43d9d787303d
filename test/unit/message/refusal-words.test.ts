import { expect, it } from 'vitest';
import * as z from 'zod';
import { isObject } from '../../../lib/message/json.ts';
import { parseMessage, summarize } from '../../../lib/message/parse.ts';
import { completeMessages } from './every-field.ts';

const wrong = [
  null,
  true,
  -1e9,
  1e9,
  '',
  'x y',
  'x'.repeat(2_000),
  [],
  Array.from({ length: 11 }, () => ({ id: 'r1', text: 'One' })),
  {},
];

/** The value with each of its parts, one after the other, left out or replaced by something wrong. */
function* broken(value: unknown): Generator {
  yield* wrong;
  if (Array.isArray(value)) for (const item of value) for (const part of broken(item)) yield [part];
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    yield { ...value, [key]: undefined };
    for (const part of broken(inner)) yield { ...value, [key]: part };
  }
}

function refusals(): string[] {
  return completeMessages.flatMap((message) =>
    Array.from(broken(message), (one) => {
      const parsed = parseMessage(JSON.stringify(one), { queuedAt: 0 });
      return parsed.ok ? 'none' : parsed.problems.map(({ path, text }) => `${path}: ${text}`).join('; ');
    }),
  );
}

it('a refusal has the same words whatever locale of zod the process has loaded', () => {
  const { localeError } = z.config();
  const spoken = [undefined, z.locales.en().localeError, z.locales.de().localeError].map((locale) => {
    z.config({ localeError: locale });
    return refusals();
  });
  z.config({ localeError });

  const [deployed = [], ...others] = spoken;
  expect(others).toEqual([deployed, deployed]);
  expect(new Set(deployed).size).toBeGreaterThan(100);
  expect(deployed.filter((refusal) => refusal.includes('Invalid input'))).toEqual([]);
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=cmd|x!A1'])(
  'a refusal is no formula where a spreadsheet shows it, whatever it is about: %j',
  (formula) => {
    const messages = completeMessages.flatMap((message) => [
      ...Object.keys(message).map((field) => Object.assign(structuredClone(message), { [field]: formula })),
      { [formula]: 1, ...message },
      formula,
    ]);

    const refused = messages
      .map((message) => parseMessage(JSON.stringify(message), { queuedAt: 0 }))
      .flatMap((parsed) => (parsed.ok ? [] : [summarize(parsed.problems)]));

    expect(refused.length).toBeGreaterThan(completeMessages.length);
    expect(refused.filter((text) => !/^[a-z(]/.test(text))).toEqual([]);
  },
);
