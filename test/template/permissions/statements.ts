import type { Policy } from '../../../cli/policy/stage-policy.ts';
import type { Judge } from './evaluator.ts';
import type { Suite } from './suites.ts';
import { matches } from './template-needs.ts';

/** Statements of the operator's policy, and the commands that docs/deploy.md says they are enough for. */
interface Row {
  readonly statements: readonly string[];
  readonly commands: readonly string[];
}

/** The table of docs/deploy.md. What has an option in it is nothing that the recording has. */
function rowsIn(docs: string): Row[] {
  const [, chapter = ''] = docs.split('\n## Permissions\n');
  const [table = ''] = /^\| statements \|[^]*?\n\n/m.exec(chapter) ?? [];
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').slice(1, 3).map(codeIn))
    .map(([statements = [], commands = []]) => ({
      statements: ['Watch*', ...statements.map((name) => name.replace('...', '*'))],
      commands: commands.filter((command) => !command.includes('--')),
    }))
    .filter(({ commands }) => commands.length > 0);
}

function codeIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
}

/** What is wrong with the table: statements that are not enough for a command, or a command that is not in it. */
export async function tableProblems(
  docs: string,
  { suite, policy, judge }: { readonly suite: Suite; readonly policy: Policy; readonly judge: Judge },
): Promise<string[]> {
  const rows = rowsIn(docs);
  const asked = rows.flatMap(({ statements, commands }, index) =>
    commands.flatMap((command) =>
      suite.needs
        .filter(({ what }) => what === `relay ${command}`)
        .map((need) => ({
          policy: String(index),
          need,
          problem: `${statements.join(' and ')} are not enough for relay ${command}: ${need.action}`,
        })),
    ),
  );
  const policies = rows.map(({ statements }, index) => [
    String(index),
    {
      ...policy,
      Statement: policy.Statement.filter(({ Sid: id }) => statements.some((pattern) => matches(pattern, id))),
    },
  ]);
  const verdicts = await judge(asked, Object.fromEntries(policies));
  const told = new Set(asked.map(({ need }) => need.what));
  const kinds = /^relay (send|simulate) /;
  return [
    ...new Set(asked.filter((_, index) => verdicts[index]?.allowed === false).map(({ problem }) => problem)),
    ...[...new Set(suite.needs.map(({ what }) => what))]
      .filter((what) => what.startsWith('relay ') && !told.has(what) && !kinds.test(what))
      .map((what) => `docs/deploy.md does not say which statements ${what} needs`),
  ];
}
