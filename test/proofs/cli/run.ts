import type { Proof } from '../harness/proof.ts';
import { defects } from './defects.ts';
import { asItIs, type NamedTest, outcomeOf, runNamedTests, type TestEnd } from './named-tests.ts';

/** All of them in one run, since starting one takes longest. */
let ends: Promise<readonly TestEnd[]> | undefined;

/** Plants one defect at a time into the command line, and shows that a named test notices it by an assertion. */
export const cli: Proof = {
  defects: defects.map(({ name, change, noticedBy }) => ({
    name,
    changes: [change],
    shows: textOf(noticedBy),
  })),
  async plant({ name }, { projectRoot }) {
    ends ??= runNamedTests(projectRoot);
    const all = await ends;
    const defect = defects.find((one) => one.name === name);
    if (defect === undefined)
      return defects
        .filter(({ noticedBy: test }) => outcomeOf(all, { planted: asItIs, test }) !== 'passed')
        .map(({ noticedBy }) => `does not pass: ${textOf(noticedBy)}`);
    const { noticedBy: test } = defect;
    return outcomeOf(all, { planted: name, test }) === 'failed' ? [`fails: ${textOf(test)}`] : [];
  },
};

function textOf({ file, title }: NamedTest): string {
  return `${file}: ${title}`;
}
