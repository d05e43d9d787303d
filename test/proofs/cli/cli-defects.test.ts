import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Defect, defects } from './defects.ts';
import { hasTest, outcomeOf, patternOf, type TestReport } from './named-tests.ts';
import { plantDefects } from './plant-defects.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

function read(file: string): Promise<string> {
  return readFile(`${projectRoot}${file}`, 'utf8');
}

describe('A planted defect of the command line', () => {
  it.each(defects.map((defect) => [defect.name, defect] as const))(
    'has its one place, and its test: %s',
    async (_, { change, noticedBy }) => {
      const source = await read(change.file);
      const tests = await read(noticedBy.file);

      expect(change.file).toMatch(/^cli\//);
      expect(source.split(change.find)).toHaveLength(2);
      expect(change.replace).not.toBe(change.find);
      expect(hasTest(tests, noticedBy.title)).toBe(true);
    },
  );

  it('has a name of its own', () => {
    const names = new Set(defects.map(({ name }) => name));

    expect(names.size).toBe(defects.length);
    expect(defects.length).toBeGreaterThanOrEqual(10);
  });

  it('is noticed by its test; what changes nothing, and what cannot run, is not', {
    timeout: 90_000,
  }, async () => {
    const masking = defects.filter(({ name }) => name === 'numbers are shown in full');
    const [first] = masking;
    const file = 'cli/terminal/masking.ts';
    const other = (name: string, replace: string): Defect[] =>
      first === undefined ? [] : [{ ...first, name, change: { file, find: "'•••'", replace } }];

    const planted = await plantDefects(
      [...masking, ...other('harmless', "'•' + '••'"), ...other('broken', '(')],
      projectRoot,
    );

    expect(planted.map(({ withDefect, without }) => [withDefect, without])).toEqual([
      ['failed', 'passed'],
      ['passed', 'passed'],
      ['not run', 'passed'],
    ]);
    expect(planted.map(({ isNoticed }) => isNoticed)).toEqual([true, false, false]);
  });
});

const test = { file: 'test/unit/a.test.ts', title: 'keeps a letter (of SQS)' };

function reported(status: string, ...failureMessages: string[]): TestReport {
  const fullName = 'a redrive keeps a letter (of SQS)';
  return {
    testResults: [
      { name: '/copy/test/unit/a.test.ts', assertionResults: [{ fullName, status, failureMessages }] },
    ],
  };
}

describe('The outcome of a named test', () => {
  it.each([
    ['passed', reported('passed'), 'passed'],
    ['failed', reported('failed', 'AssertionError: expected 1 to be 2'), 'failed'],
    [
      'failed because the code makes no sense',
      reported('failed', 'ReferenceError: x is not defined'),
      'not run',
    ],
    ['hung', reported('failed', 'Error: Test timed out in 5000ms.'), 'not run'],
    ['was left out', reported('skipped'), 'not run'],
    ['was not there', { testResults: [] }, 'not run'],
  ])('of one that %s', (_, report, expected) => {
    expect(outcomeOf(report, { root: '/copy', test })).toBe(expected);
  });

  it('is asked for by a pattern that fits nothing else', () => {
    const pattern = new RegExp(patternOf(test));

    expect(pattern.test('a redrive keeps a letter (of SQS)')).toBe(true);
    expect(pattern.test('a redrive keeps a letter (of SQS) hidden')).toBe(false);
  });
});
