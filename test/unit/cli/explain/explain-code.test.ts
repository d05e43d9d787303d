import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allExplanations, explainCode, nearestCode } from '../../../../cli/explain/explain-code.ts';
import { outcomeOf } from '../../../../lib/connectly/answer.ts';
import { vendorErrors } from '../../../../lib/connectly/vendor-errors.ts';
import { ownRefusal, ownRefusals } from '../../../../lib/delivery/outcome.ts';

const lib = new URL('../../../../lib/', import.meta.url);

/** How the sources write a code down. */
const writtenCodes = [
  /\bcode: '([a-z][a-z0-9-]+)'/g,
  /\b(?:RelayError|ConnectlyError|ownRefusal)\(\s*'([a-z][a-z0-9-]+)'/g,
  /\bsuper\('([a-z][a-z0-9-]+)'/g,
  /^const \w+ = '([a-z]+(?:-[a-z]+)+)';$/gm,
  /\b(?:notStarted:|type Paused =) ((?:'[a-z-]+'(?: \| )?)+)/g,
  /\| '([a-z]+(?:-[a-z]+)+)',$/gm,
  /\blogger\.write\('\w+', '([a-z-]+)'/g,
  /\bstatus: (?:401|413|503), result: '([a-z-]+)'/g,
  /readonly result: ((?:'[a-z-]+'(?: \| )?)+)/g,
];

/** Words in the same places that are no errors. */
const noErrors = new Set([
  'custom',
  'string',
  'queued',
  'settle',
  'settled',
  'known',
  'released',
  'waiting',
  'not-ours',
]);

function codesIn(source: string): string[] {
  return writtenCodes
    .flatMap((pattern) => Array.from(source.matchAll(pattern), ([, found = '']) => found.split(/' \| '/)))
    .flat()
    .map((code) => code.replaceAll("'", ''))
    .filter((code) => !noErrors.has(code));
}

function allCodesOfLib(): Set<string> {
  const files = readdirSync(fileURLToPath(lib), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, lib), 'utf8'));
  return new Set(sources.flatMap(codesIn));
}

describe('an explanation', () => {
  it('exists for every code that the sources write down', () => {
    const codes = Array.from(allCodesOfLib());

    const unexplained = codes.filter((code) => explainCode(code) === undefined);

    expect(codes.length).toBeGreaterThan(20);
    expect(codes).toEqual(
      expect.arrayContaining(['expired', 'secret-stale', 'sending-paused', 'no-key-for-business']),
    );
    expect(unexplained).toEqual([]);
  });

  it('exists for whatever the page on reliability says that one sees', () => {
    const page = readFileSync(new URL('../docs/reliability.md', lib), 'utf8');
    const rows = Array.from(
      page.matchAll(/^\| [^|]+ \| [^|]+ \| ([^|]+) \| [^|]+ \|$/gm),
      ([, seen = '']) => seen,
    );
    const codes = rows
      .map((seen) => seen.replaceAll(/the alarm `[a-z-]+`/g, ''))
      .flatMap((seen) => Array.from(seen.matchAll(/`([a-z-]+|connectly-[0-9]+)`/g), ([, code = '']) => code));

    const policies = new Set(['hold', 'settle', 'resend']);
    const unexplained = codes.filter((code) => !policies.has(code) && explainCode(code) === undefined);

    expect(codes).toEqual(expect.arrayContaining(['connectly-429', 'attempt-failed', 'duplicate']));
    expect(unexplained).toEqual([]);
  });

  it('exists for a code of Connectly that is newer than this version, as the code was given', () => {
    expect(explainCode('ERROR_CODE_BRAND_NEW')).toMatchObject({
      code: 'ERROR_CODE_BRAND_NEW',
      from: 'connectly',
      retried: 'depends',
    });
    expect(explainCode('brand-new')).toBeUndefined();
  });

  it.each([
    ["return { kind: 'unclear', code: 'new-code' };", ['new-code']],
    ["throw new RelayError(\n    'new-code',\n    'Text.'", ['new-code']],
    ["| { readonly status: 503, result: 'new-code' }", ['new-code']],
    ["notStarted: 'one-code' | 'other-code'", ['one-code', 'other-code']],
    ["export type Paused = 'one-code' | 'other-code';", ['one-code', 'other-code']],
    ["    code: NotStarted['notStarted'] | 'new-code',", ['new-code']],
    ["logger.write('warn', 'new-event', {})", ['new-event']],
  ])('would be missed in %j', (source, expected) => {
    expect(codesIn(source)).toEqual(expected);
  });

  it.each(Object.entries(vendorErrors))("of %s says what the sender's table says", (code, error) => {
    const explanation = explainCode(code);

    expect(explanation).toMatchObject({ from: 'connectly', meaning: error.meaning, remedy: error.remedy });
    expect(explanation?.retried).toBe(error.disposition === 'refused' ? 'no' : 'yes');
  });

  it.each(Object.entries(ownRefusals))(
    'of %s says what stands on the dead letter',
    (code, { meaning, remedy }) => {
      const explanation = explainCode(code);

      expect(explanation).toMatchObject({ from: 'relay', retried: 'no', meaning, remedy });
      expect(ownRefusal('expired').message).toContain(ownRefusals.expired.meaning);
    },
  );

  it.each([
    [200, 'depends'],
    [302, 'yes'],
    [400, 'no'],
    [401, 'yes'],
    [408, 'depends'],
    [422, 'no'],
    [429, 'yes'],
    [500, 'depends'],
  ])('of an answer %d says "%s" to "is it retried?", as the sender does it', (status, retried) => {
    const outcome = outcomeOf({ kind: 'answered', status, retryAfter: undefined, body: '' }, 0);

    const explanation = explainCode(`connectly-${status}`);

    expect(explanation?.retried).toBe(retried);
    expect(explanation?.retried === 'yes').toBe(outcome.kind === 'not-sent');
  });

  it.each(['EXPIRED', ' expired ', 'outcome_unknown', 'error_code_message_text_empty', 'CONNECTLY-401'])(
    'is found for %j',
    (code) => {
      expect(explainCode(code)).toBeDefined();
    },
  );

  it.each(['', 'connectly-600', 'connectly-', 'toString', '__proto__'])('is not made up for %j', (code) => {
    expect(explainCode(code)).toBeUndefined();
  });

  it('is complete sentences everywhere', () => {
    const texts = allExplanations().flatMap(({ meaning, remedy, retry }) => [meaning, remedy, retry]);

    for (const text of texts) expect(text).toMatch(/^[A-Z].*[.A-Z]$|relay [a-z ]+(--\w+)?$|: .*\.txt$/);
  });
});

describe('a code that is nearly right', () => {
  it.each([
    ['outcom-unknown', 'outcome-unknown'],
    ['MESSAGE_TEXT_EMPTY', 'ERROR_CODE_MESSAGE_TEXT_EMPTY'],
    ['MESSAGE_TEXT_EMTY', 'ERROR_CODE_MESSAGE_TEXT_EMPTY'],
    ['ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILTY_WINDOW', 'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW'],
  ])('%s becomes %s', (code, expected) => {
    expect(nearestCode(code)).toBe(expected);
  });

  it('is not made of one that is like none', () => {
    expect(nearestCode('zzz')).toBeUndefined();
  });
});
