import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../template.ts';
import { evaluatorIn, type Judge } from './evaluator.ts';
import { roleProblems } from './function-roles.ts';
import {
  idleExceptions,
  looksInside,
  type Missed,
  missedOnes,
  newWildcards,
  type Policies,
  reaches,
  refusals,
} from './judgements.ts';
import { operationsOfFunctions, operationsOfRelay } from './operations.ts';
import { ownKeyProblems } from './own-key.ts';
import { plant, plantedFaults } from './planted.ts';
import { queueWriterProblems, unnoticedWriters } from './queue-writers.ts';
import { tableProblems } from './statements.ts';
import { mayBeRefused, type Suite, suitesOf } from './suites.ts';
import { type Excepted, readHandlers } from './template-needs.ts';
import { trustProblems } from './trust.ts';
import { madeAlikeProblems, togetherProblems } from './two-stages.ts';
import { meaningProblems, typedCommands, unknownToTheCli } from './typed-commands.ts';

export interface CheckOptions {
  readonly projectRoot: string;
  /** The folders of the commands of tools that others wrote, or what they are in. */
  readonly tools: { readonly schemas: string; readonly cli: string; readonly evaluator: string };
  readonly templates: {
    readonly prod: Template;
    /** The others, by the stages that they are packaged for. */
    readonly others: Readonly<Record<string, Template>>;
  };
  readonly policies: Policies;
  /** Told what is missed without each action, and what else was found out. */
  readonly print: (line: string) => void;
}

/** What is wrong with the policies, in words; empty when nothing is. */
export async function checkPolicies(options: CheckOptions): Promise<string[]> {
  const { projectRoot, tools, templates, policies, print } = options;
  const judge = evaluatorIn({ modules: tools.evaluator, projectRoot });
  const typed = await typedCommands(projectRoot);
  const docs = await readFile(join(projectRoot, 'docs/deploy.md'), 'utf8');
  const { suites, excepted } = await suitesOf({
    projectRoot,
    templates: new Map(Object.entries({ prod: templates.prod, ...templates.others })),
    handlers: await readHandlers(tools.schemas),
    typed,
  });
  for (const { holder, stage, needs } of suites)
    print(`${holder}, stage ${stage}: ${needs.length} permissions`);
  print(`${excepted.length} more are in schemas and needed by nobody here`);

  const missed = await missedOnes(suites, policies, judge);
  for (const each of missed) print(withoutIt(each));
  const problems = [
    ...(await policyProblems(policies, { suites, docs, judge })),
    ...unmissed(missed),
    ...(await idleExceptions(excepted, policies, judge)),
    ...undocumented(excepted, docs),
    ...(await unrecorded(suites, projectRoot)),
    ...meaningProblems(typed),
    ...(await unknownToTheCli(typed, { commands: tools.cli, projectRoot })),
    ...(await roleProblems(templates.prod, await operationsOfFunctions(projectRoot), judge)),
    ...(await ownKeyOfEach(Object.values(templates.others), judge)),
    ...(await writerProblems(templates, { policies, judge, print })),
    ...(await trustProblems(projectRoot, judge)),
  ];
  // Of a policy that is wrong anyway, a planted fault proves nothing.
  if (problems.length > 0) return problems;
  for (const planted of plantedFaults) {
    const faulty = plant(planted, policies);
    // One template of two is enough to notice it.
    const own = suites.filter(
      ({ holder, stage }) => holder === planted.holder && !(stage in templates.others),
    );
    const isNoticed = (problem: string) => planted.noticed.test(problem);
    const noticed =
      (await policyProblems(faulty, { suites: own, docs, judge })).find(isNoticed) ??
      unmissed(await missedOnes(own, faulty, judge)).find(isNoticed);
    if (noticed === undefined)
      problems.push(`nobody notices ${planted.fault} in the policy of the ${planted.holder}`);
    else print(`planted, ${planted.fault}: ${noticed}`);
  }
  return problems;
}

async function ownKeyOfEach(templates: readonly Template[], judge: Judge): Promise<string[]> {
  return (await Promise.all(templates.map((template) => ownKeyProblems(template, judge)))).flat();
}

/** The operators of prod are whom docs/deploy.md makes; those of the others are named in `eventsOperator`. */
async function writerProblems(
  { prod, others }: CheckOptions['templates'],
  asked: Pick<CheckOptions, 'policies' | 'print'> & { readonly judge: Judge },
): Promise<string[]> {
  const stage = { template: prod, operators: ['user/relay-prod', 'role/relay-prod', 'role/team/relay-prod'] };
  const named = Object.values(others).map((template) => ({
    template,
    operators: ['role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_OnCall_0123456789abcdef'],
  }));
  const found = await Promise.all([stage, ...named].map((each) => queueWriterProblems(each, asked)));
  return found.flat().length > 0 ? found.flat() : unnoticedWriters(stage, asked);
}

/** What is wrong with policies by themselves. */
async function policyProblems(
  policies: Policies,
  {
    suites,
    docs,
    judge,
  }: { readonly suites: readonly Suite[]; readonly docs: string; readonly judge: Judge },
): Promise<string[]> {
  const refused = await Promise.all(suites.map((suite) => refusals(suite, policies, judge)));
  const tables = await Promise.all(
    suites
      .filter(({ holder }) => holder === 'operator')
      .map((suite) => tableProblems(docs, { suite, policy: policies.operator, judge })),
  );
  return [
    ...newWildcards(policies),
    ...refused.flat(),
    ...(await reaches(suites, policies, judge)),
    ...(await looksInside(suites, policies, judge)),
    ...(await togetherProblems(suites, policies, judge)),
    ...(await madeAlikeProblems(suites, policies, judge)),
    ...tables.flat(),
  ];
}

function unmissed(missed: readonly Missed[]): string[] {
  return missed
    .filter(({ by }) => by.length === 0)
    .map(({ holder, action }) => `nobody misses ${action} in the policy of the ${holder}`);
}

function withoutIt({ holder, action, by }: Missed): string {
  const [first = 'nothing', ...more] = by;
  return `${holder} without ${action}: ${first}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

/** What is granted only where an option is set stands in docs/deploy.md, each action by its name. */
function undocumented(excepted: readonly Excepted[], docs: string): string[] {
  const documented = excepted.filter(({ exception }) => exception.isDocumented === true);
  return [...new Set(documented.map(({ action }) => action))]
    .filter((action) => !docs.includes(`\`${action}\``))
    .map((action) => `docs/deploy.md does not say who needs ${action}`);
}

/** Everything that the command line can ask for is in the recording, or beside it with a reason. */
async function unrecorded(suites: readonly Suite[], projectRoot: string): Promise<string[]> {
  const asked = new Set(
    suites.flatMap(({ needs }) =>
      needs.filter(({ what }) => what.startsWith('relay ')).map(({ action }) => action),
    ),
  );
  return [...(await operationsOfRelay(projectRoot))]
    .filter((action) => !asked.has(action) && ![...mayBeRefused].some((each) => each.endsWith(` ${action}`)))
    .map((action) => `no recording has relay ask for ${action}`);
}
