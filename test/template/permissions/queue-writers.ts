import { plant, plantedFaults } from '../planted-faults.ts';
import { usedBy, writersOf } from '../policy-rules.ts';
import { list, record, referenceOf, resourcesOf, type Template, textsIn } from '../template.ts';
import { arnIn } from './arns.ts';
import { accountId } from './aws-calls.ts';
import type { Judge } from './evaluator.ts';
import { identityPolicies, prodStack, resourcesIn } from './function-roles.ts';
import type { Policies } from './judgements.ts';

/** A template, and who may move events back in its stage: users and roles, as in user/NAME. */
export interface WrittenStage {
  readonly template: Template;
  readonly operators: readonly string[];
}

interface Scene {
  readonly who: string;
  /** A user, a role, or the name of a service. */
  readonly principal: string;
  readonly policy: string;
  readonly queue: string;
  readonly action: string;
  readonly isExpected: boolean;
}

const everything = 'everything';
const operator = 'operator';
const closed = Object.keys(writersOf);
const queues = [...closed, 'SendsQueue'];

/** Whose names are like an operator's, and others who write wherever they like. */
const strangers = [
  'root',
  'user/intruder',
  'role/intruder',
  'user/relay',
  'user/my-relay-prod',
  'role/relay-prod-2',
];

/**
 * What is wrong with who may write to the queues of a stage: somebody who may do everything at every queue of the account
 * and writes where only functions do; or a function, a producer or an operator who is kept from what is theirs.
 */
export async function queueWriterProblems(
  { template, operators }: WrittenStage,
  { policies, judge }: { readonly policies: Policies; readonly judge: Judge },
): Promise<string[]> {
  const scenes = [
    ...roleScenes(template),
    ...operators.flatMap(operatorScenes),
    ...strangers.flatMap(strangerScenes),
  ];
  const known: Record<string, object> = {
    ...identityPolicies(template),
    ...queuePolicies(template),
    [everything]: statement({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }),
    [operator]: policies.operator,
  };
  const verdicts = await judge(
    scenes.map(({ principal, policy, queue, action }) => ({
      policy,
      resourcePolicy: queue,
      principal: sessionOf(principal),
      need: { action, resource: arnIn(template, prodStack, queue), context: contextOf(principal) },
    })),
    known,
  );
  const wrong = scenes
    .filter(({ isExpected }, index) => verdicts[index]?.allowed !== isExpected)
    .map(
      ({ who, queue, action, isExpected }) =>
        `${who} ${isExpected ? 'may not' : 'may'} ${action} on ${queue}`,
    );
  return [...wrong, ...(await inTheWayOfSqs(template, { known, judge }))];
}

/** The faults in who may write, each of which must be noticed here as well as by the rules of the template. */
export async function unnoticedWriters(
  { template, operators }: WrittenStage,
  asked: { readonly policies: Policies; readonly judge: Judge; readonly print: (line: string) => void },
): Promise<string[]> {
  const ours = plantedFaults.filter(({ caughtBy }) =>
    caughtBy.includes('lets nobody write where only its functions do'),
  );
  const found = await Promise.all(
    ours.map((planted) => queueWriterProblems({ template: plant(template, planted), operators }, asked)),
  );
  return ours.flatMap(({ fault }, index) => {
    const [first] = found[index] ?? [];
    if (first === undefined) return [`nobody notices ${fault}`];
    asked.print(`planted, ${fault}: ${first}`);
    return [];
  });
}

/** What one does at a queue with a policy, and whether it is theirs to do. */
function scenesOf(who: string, principal: string) {
  return (policy: string, queue: string, operation: string, isExpected: boolean): Scene => ({
    who,
    principal,
    policy,
    queue,
    action: `sqs:${operation}`,
    isExpected,
  });
}

/** A function writes where it does, whatever its role allows besides; and its own policy is enough for that. */
function roleScenes(template: Template): Scene[] {
  const roles = Object.keys(usedBy).filter((id) => id.endsWith('Role'));
  return roles.flatMap((role) => {
    const scene = scenesOf(role, arnIn(template, prodStack, role));
    return queues.flatMap((queue) => {
      const writes = usedBy[role]?.includes(`sqs:SendMessage ${queue}`) === true;
      return [
        scene(role, queue, 'SendMessage', writes),
        scene(everything, queue, 'SendMessage', writes || !closed.includes(queue)),
      ];
    });
  });
}

function operatorScenes(name: string): Scene[] {
  const scene = scenesOf(name, `arn:aws:iam::${accountId}:${name}`);
  // SQS, "StartMessageMoveTask": what moving events back takes, in the name of whoever asks.
  const moving = ['StartMessageMoveTask', 'ListMessageMoveTasks', 'ReceiveMessage', 'DeleteMessage'];
  return [
    ...moving.map((operation) => scene(operator, 'EventsDlq', operation, true)),
    ...queues.flatMap((queue) =>
      [operator, everything].map((policy) =>
        scene(policy, queue, 'SendMessage', queue === 'EventsQueue' || !closed.includes(queue)),
      ),
    ),
  ];
}

/** Producers are such people: the sends queue is open to whom the account lets in, and so is all but writing. */
function strangerScenes(name: string): Scene[] {
  const scene = scenesOf(name, `arn:aws:iam::${accountId}:${name}`);
  return queues.flatMap((queue) => [
    scene(everything, queue, 'SendMessage', !closed.includes(queue)),
    scene(everything, queue, 'ReceiveMessage', true),
    scene(everything, queue, 'StartMessageMoveTask', true),
  ]);
}

/** SQS moves dead letters by itself. No statement may be in its way, should it ever ask. */
async function inTheWayOfSqs(
  template: Template,
  { known, judge }: { readonly known: Readonly<Record<string, object>>; readonly judge: Judge },
): Promise<string[]> {
  const dlqs = ['EventsDlq', 'SendsDlq'];
  const verdicts = await judge(
    dlqs.map((queue) => ({
      policy: everything,
      resourcePolicy: queue,
      principal: 'sqs.amazonaws.com',
      need: {
        action: 'sqs:SendMessage',
        resource: arnIn(template, prodStack, queue),
        context: { 'aws:PrincipalIsAWSService': 'true', 'aws:SecureTransport': 'true' },
      },
    })),
    known,
  );
  return dlqs
    .filter((_, index) => verdicts[index]?.isForbidden !== false)
    .map((queue) => `SQS itself may not sqs:SendMessage on ${queue}`);
}

/** Whoever has a role acts in a session of it, which has a name of its own. */
function sessionOf(principal: string): string {
  const [, role] = /:role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  return role === undefined ? principal : `arn:aws:sts::${accountId}:assumed-role/${role}/session`;
}

/** IAM, "Global condition keys": `aws:PrincipalArn` is the role, and no session. */
function contextOf(principal: string): Record<string, string> {
  return {
    'aws:PrincipalArn': principal,
    'aws:PrincipalIsAWSService': 'false',
    'aws:SecureTransport': 'true',
  };
}

/** The policy of each queue, with ARNs in it. */
function queuePolicies(template: Template): Record<string, object> {
  const { evaluator } = resourcesIn(template);
  return Object.fromEntries(
    resourcesOf(template, 'AWS::SQS::QueuePolicy').flatMap(({ id, properties }) =>
      list(properties['Queues']).map((queue) => [
        referenceOf(queue) ?? '',
        record(evaluator.value(withRoles(properties['PolicyDocument'], template), id)),
      ]),
    ),
  );
}

/** Nothing on one machine has a role: their ARNs are as AWS would make them up. */
function withRoles(value: unknown, template: Template): unknown {
  const [id = '', attribute] = textsIn(record(value)['Fn::GetAtt']);
  if (attribute === 'Arn' && template.Resources[id]?.Type === 'AWS::IAM::Role')
    return arnIn(template, prodStack, id);
  if (Array.isArray(value)) return value.map((each) => withRoles(each, template));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withRoles(each, template)]));
}

function statement(only: object): object {
  return { Version: '2012-10-17', Statement: [only] };
}
