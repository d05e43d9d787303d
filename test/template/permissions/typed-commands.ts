import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alarmsOf } from '../../../resources/alarms.ts';
import { accountId, region, secretArn, stackArn } from './aws-calls.ts';
import type { Need } from './template-needs.ts';

/** A command of the AWS CLI that some text tells people to type. */
export interface TypedCommand {
  readonly service: string;
  /** As `describe-stacks`, or `wait stack-import-complete`. */
  readonly operation: string;
  readonly options: readonly string[];
  /** The file, or the alarm, that tells it. */
  readonly place: string;
}

/** Who types it: the holder of one of the policies, or an administrator of the account, who may do everything. */
type Typist = 'deployer' | 'operator' | 'administrator';

interface Meaning {
  readonly typist: Typist;
  /** What it is about; nothing for an administrator. */
  readonly resources: readonly string[];
  /** What it needs besides the action of its own name, each as `action resource`. */
  readonly besides?: readonly string[];
  /** The action, where it is not called as the operation. */
  readonly action?: string;
}

const place = `${region}:${accountId}`;

const deployer = (...resources: readonly string[]) => ({ typist: 'deployer', resources }) as const;
const operator = (...resources: readonly string[]) => ({ typist: 'operator', resources }) as const;

/** Each command by who types it and what it is about. One that no text tells any more is noticed, as is a new one. */
function meanings(stage: string): Readonly<Record<string, Meaning>> {
  const stack = `connectly-relay-${stage}`;
  const queue = (name: string) => `arn:aws:sqs:${place}:${stack}-${name}`;
  const table = `arn:aws:dynamodb:${place}:table/${stack}-ledger`;
  const role = `arn:aws:iam::${accountId}:role/${stack}-SendMessageRole-a1B2c3D4e5F6`;
  const secret = secretArn(`connectly-relay/${stage}/api-key`);
  const administrator = { typist: 'administrator', resources: [] } as const;
  return {
    'cloudformation cancel-update-stack': deployer(stackArn(stack)),
    'cloudformation continue-update-rollback': deployer(stackArn(stack)),
    'cloudformation create-change-set': deployer(stackArn(stack)),
    'cloudformation delete-stack': deployer(stackArn(stack)),
    'cloudformation describe-stack-events': deployer(stackArn(stack)),
    'cloudformation describe-stacks': deployer(stackArn(stack)),
    'cloudformation execute-change-set': deployer(stackArn(stack)),
    'cloudformation update-termination-protection': deployer(stackArn(stack)),
    'cloudformation wait change-set-create-complete': {
      ...deployer(stackArn(stack)),
      action: 'cloudformation:DescribeChangeSet',
    },
    'cloudformation wait stack-import-complete': {
      ...deployer(stackArn(stack)),
      action: 'cloudformation:DescribeStacks',
    },
    'cloudwatch delete-alarms': deployer(`arn:aws:cloudwatch:${place}:alarm:${stack}-sends-dlq`),
    'cloudwatch delete-dashboards': deployer(`arn:aws:cloudwatch::${accountId}:dashboard/${stack}-${region}`),
    'cloudwatch list-metrics': operator('*'),
    'dynamodb delete-table': deployer(table),
    'dynamodb describe-continuous-backups': deployer(table),
    'dynamodb describe-time-to-live': deployer(table),
    'dynamodb update-table': deployer(table),
    'iam attach-role-policy': administrator,
    'iam attach-user-policy': administrator,
    'iam create-access-key': administrator,
    'iam create-open-id-connect-provider': administrator,
    'iam create-policy': administrator,
    'iam create-role': administrator,
    'iam create-user': administrator,
    'iam simulate-principal-policy': deployer(role),
    'lambda delete-function': deployer(`arn:aws:lambda:${place}:function:${stack}-send-message`),
    'lambda get-account-settings': operator('*'),
    'logs delete-log-group': deployer(`arn:aws:logs:${place}:log-group:/aws/lambda/${stack}-send-message`),
    'logs filter-log-events': operator(`arn:aws:logs:${place}:log-group:/aws/vendedlogs/http-api/${stack}`),
    'secretsmanager delete-secret': deployer(secret),
    'secretsmanager describe-secret': deployer(secret),
    'service-quotas request-service-quota-increase': administrator,
    'sns delete-topic': deployer(`arn:aws:sns:${place}:${stack}-alarms`),
    'sqs delete-queue': deployer(queue('events')),
    'sqs get-queue-url': deployer(queue('sends')),
    'sqs list-message-move-tasks': operator(queue('events-dlq')),
    'sqs purge-queue': administrator,
    'sqs start-message-move-task': {
      ...operator(queue('events-dlq')),
      // SQS, "StartMessageMoveTask": it moves in the name of whoever asks.
      besides: [
        `sqs:ReceiveMessage ${queue('events-dlq')}`,
        `sqs:DeleteMessage ${queue('events-dlq')}`,
        `sqs:GetQueueAttributes ${queue('events-dlq')}`,
        `sqs:SendMessage ${queue('events')}`,
      ],
    },
    'ssm delete-parameters': deployer(`arn:aws:ssm:${place}:parameter/connectly-relay/${stage}/webhook-url`),
    'sts get-caller-identity': deployer('*'),
  };
}

/** What the AWS console asks when somebody opens DashboardUrl, whose last tile is a query of logs. */
function consoleNeeds(stage: string): Need[] {
  const dashboard = `arn:aws:cloudwatch::${accountId}:dashboard/connectly-relay-${stage}-${region}`;
  const log = `arn:aws:logs:${place}:log-group:/aws/lambda/connectly-relay-${stage}-send-message`;
  const asked = [
    `cloudwatch:GetDashboard ${dashboard}`,
    'cloudwatch:ListDashboards *',
    'cloudwatch:DescribeAlarms *',
    'cloudwatch:GetMetricData *',
    `logs:StartQuery ${log}`,
    'logs:GetQueryResults *',
  ];
  return asked.map((each) => needed('open DashboardUrl', each));
}

/** What the holder of a policy needs to type what he is told to. */
export function typedNeeds(commands: readonly TypedCommand[], typist: Typist, stage: string): Need[] {
  const known = meanings(stage);
  const typed = commands.flatMap(({ service, operation, place: where }) => {
    const meaning = known[`${service} ${operation}`];
    if (meaning?.typist !== typist) return [];
    const action = meaning.action ?? `${service}:${pascalCase(operation)}`;
    const permissions = [
      ...meaning.resources.map((resource) => `${action} ${resource}`),
      ...(meaning.besides ?? []),
    ];
    return permissions.map((each) => needed(`aws ${service} ${operation} (${where})`, each));
  });
  return typist === 'operator' ? [...typed, ...consoleNeeds(stage)] : typed;
}

function needed(what: string, permission: string): Need {
  const [action = '', resource = ''] = permission.split(' ');
  return { what, action, resource, context: {} };
}

function pascalCase(operation: string): string {
  return operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What nobody has given a meaning, and what has one and is told nowhere. */
export function meaningProblems(commands: readonly TypedCommand[]): string[] {
  const known = Object.keys(meanings('prod'));
  const told = new Map<string, string>(
    commands.map(({ service, operation, place: where }) => [`${service} ${operation}`, where] as const),
  );
  return [
    ...[...told]
      .filter(([name]) => !known.includes(name))
      .map(([name, where]) => `nobody has said who types aws ${name} (${where})`),
    ...known.filter((name) => !told.has(name)).map((name) => `no text tells anybody to type aws ${name}`),
  ];
}

/** Every command of the AWS CLI in the documents, the alarms, and the remedies of `relay doctor` and `preflight`. */
export async function typedCommands(projectRoot: string): Promise<TypedCommand[]> {
  const folders = ['docs', 'cli/checks', 'cli/doctor', 'cli/preflight'];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(projectRoot, folder))).map((file) => `${folder}/${file}`),
    ),
  );
  const texts = await Promise.all(
    files.flat().map(async (file) => [file, await readFile(join(projectRoot, file), 'utf8')] as const),
  );
  const alarms = alarmsOf({ stage: 'prod', accessLog: true, webhooksPerHour: 1, sendsPerHour: 1 }).map(
    ({ name, command }) => [`the alarm ${name}`, command] as const,
  );
  return [...texts, ...alarms].flatMap(([where, text]) => commandsIn(text, where));
}

/** The commands in a text, those within others included. */
export function commandsIn(text: string, where: string): TypedCommand[] {
  // Up to the next command, or to the end of the line or of the code.
  const pattern = /\baws ([a-z-]+) ((?:wait )?[a-z]+(?:-[a-z]+)+)((?:\\\n|(?!\baws [a-z])[^`\n])*)/g;
  return Array.from(text.matchAll(pattern), ([, service = '', operation = '', rest = '']) => ({
    service,
    operation,
    options: Array.from(rest.matchAll(/(?<=\s)--([a-z-]+)/g), ([, option = '']) => option),
    place: where,
  }));
}

/** What the AWS CLI does not know, in words. `commands`: the folder of its own commands. */
export async function unknownToTheCli(
  typed: readonly TypedCommand[],
  { commands, projectRoot }: { readonly commands: string; readonly projectRoot: string },
): Promise<string[]> {
  const run = promisify(execFile)(join(commands, 'python'), [
    join(projectRoot, 'test/template/permissions/aws-commands.py'),
  ]);
  run.child.stdin?.end(
    JSON.stringify(typed.map(({ service, operation, options }) => ({ service, operation, options }))),
  );
  return (await run).stdout.split('\n').filter((line) => line !== '');
}
