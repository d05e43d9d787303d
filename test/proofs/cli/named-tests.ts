import * as z from 'zod';
import type { NamedTest } from './defects.ts';

/** What vitest's JSON reporter says, as far as it is read here. */
export const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export type TestReport = z.infer<typeof reportSchema>;

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) => `\\${character}`);

/** Fits the full name of a test, which begins with what it is about. */
export function patternOf({ title }: Pick<NamedTest, 'title'>): string {
  return ` ${escaped(title)}$`;
}

/** Whether a source has a test of that title: as it stands there, or in a table, with a text of the table in its place. */
export function hasTest(source: string, title: string): boolean {
  const literals = Array.from(source.matchAll(/(['"])(.{5,}?)\1, (?:async )?\(|^ +'(.{5,})',$/gm));
  return literals.some(([, , one, other = '']) => {
    const pattern = escaped(one ?? other)
      .replaceAll('%s', '(.*)')
      .replaceAll('%j', '.*');
    const [whole, ...texts] = new RegExp(`^${pattern}$`).exec(title) ?? [];
    return whole !== undefined && texts.every((text) => source.includes(text));
  });
}

/** The code with the defect did not run at all, or hung. */
const provesNothing = /^(SyntaxError|ReferenceError|TypeError)|timed out/;

/** What became of a test in a project. `not run`: it was not there, its file could not be loaded, or it proved nothing. */
export function outcomeOf(
  report: TestReport,
  { root, test }: { readonly root: string; readonly test: NamedTest },
): 'failed' | 'passed' | 'not run' {
  const pattern = new RegExp(patternOf(test));
  const found = report.testResults
    .filter(({ name }) => name === `${root}/${test.file}`)
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ fullName }) => pattern.test(fullName));
  if (found?.status === 'passed') return 'passed';
  if (found?.status !== 'failed') return 'not run';
  const messages = found.failureMessages ?? [];
  return messages.some((message) => provesNothing.test(message)) ? 'not run' : 'failed';
}
