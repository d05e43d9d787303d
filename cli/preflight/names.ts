import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { StackTemplate } from '../../local/template/stack-template.ts';
import { unlessUnanswered } from '../checks/account-checks.ts';
import { type Check, failed, ok } from '../checks/check.ts';
import type { DeployedPlace } from '../target/deployed-stack.ts';
import type { Identity } from './identity.ts';

/** Where names are looked for. */
interface Place extends Pick<DeployedPlace, 'aws' | 'region'> {
  readonly identity: Identity;
  readonly abort: { readonly abortSignal: AbortSignal };
}

/** A kind of resource whose names an account has once. */
interface Kind {
  readonly check: string;
  /** The property that names one. */
  readonly property: string;
  /** Those of the names that are taken. */
  readonly taken: (names: readonly string[], place: Place) => Promise<Taken[]>;
  /** The commands that make room; none where something may be in there that nobody wants to lose. */
  readonly remove?: (taken: readonly Taken[], place: Place) => string[];
}

interface Taken {
  readonly name: string;
  /** Somebody has deleted what is called so, and AWS keeps the name for a while. */
  readonly isDeleted?: boolean;
}

const bringBack =
  'To keep what is in there, import it: docs/deploy.md, "Bringing back a stack that was removed"; to lose it, "Removing"';

/** By the type of the template. Roles, policies and a bucket get names that CloudFormation makes up; APIs may be called alike. */
export const kinds: Readonly<Record<string, Kind>> = {
  'AWS::SQS::Queue': {
    check: 'queues',
    property: 'QueueName',
    taken: eachThat(async (name, { aws, abort }) => {
      await (await aws.sqs()).send(new GetQueueUrlCommand({ QueueName: name }), abort);
    }),
  },
  'AWS::DynamoDB::Table': {
    check: 'ledger',
    property: 'TableName',
    taken: eachThat(async (name, { aws, abort }) => {
      await (await aws.dynamoDb()).send(new DescribeTableCommand({ TableName: name }), abort);
    }),
  },
  'AWS::SecretsManager::Secret': {
    check: 'secrets',
    property: 'Name',
    taken: eachThat(async (name, { aws, abort }) => {
      const client = await aws.secretsManager();
      // One that was deleted has its name for up to 30 days more, and is found as well.
      const { DeletedDate: deletedAt } = await client.send(
        new DescribeSecretCommand({ SecretId: name }),
        abort,
      );
      return { isDeleted: deletedAt !== undefined };
    }),
    // What somebody has deleted already cannot be imported, and its name is free only once it is gone.
    remove: (taken) =>
      taken
        .filter(({ isDeleted }) => isDeleted)
        .map(
          ({ name }) =>
            `aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery`,
        ),
  },
  'AWS::Lambda::Function': {
    check: 'functions',
    property: 'FunctionName',
    taken: eachThat(async (name, { aws, abort }) => {
      await (await aws.lambda()).send(new GetFunctionConfigurationCommand({ FunctionName: name }), abort);
    }),
    remove: (taken) => taken.map(({ name }) => `aws lambda delete-function --function-name ${name}`),
  },
  'AWS::Logs::LogGroup': {
    check: 'log-groups',
    property: 'LogGroupName',
    async taken(names, { aws, abort }) {
      const client = await aws.logs();
      const found = await Promise.all(
        names.map((name) => client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }), abort)),
      );
      const there = new Set(
        found.flatMap(({ logGroups = [] }) => logGroups.map((each) => each.logGroupName)),
      );
      return names.filter((name) => there.has(name)).map((name) => ({ name }));
    },
    remove: (taken) => taken.map(({ name }) => `aws logs delete-log-group --log-group-name ${name}`),
  },
  'AWS::SNS::Topic': {
    check: 'alarm-topic',
    property: 'TopicName',
    taken: eachThat(async (name, place) => {
      const command = new GetTopicAttributesCommand({ TopicArn: topicArn(name, place) });
      await (await place.aws.sns()).send(command, place.abort);
    }),
    remove: (taken, place) =>
      taken.map(({ name }) => `aws sns delete-topic --topic-arn ${topicArn(name, place)}`),
  },
  'AWS::CloudWatch::Alarm': {
    check: 'alarms',
    property: 'AlarmName',
    async taken(names, { aws, abort }) {
      const command = new DescribeAlarmsCommand({ AlarmNames: [...names] });
      const { MetricAlarms: alarms = [] } = await (await aws.cloudWatch()).send(command, abort);
      return alarms.flatMap(({ AlarmName: name }) => (name === undefined ? [] : { name }));
    },
    remove: (taken) => [`aws cloudwatch delete-alarms --alarm-names ${namesOf(taken)}`],
  },
  'AWS::CloudWatch::Dashboard': {
    check: 'dashboard',
    property: 'DashboardName',
    taken: eachThat(async (name, { aws, abort }) => {
      await (await aws.cloudWatch()).send(new GetDashboardCommand({ DashboardName: name }), abort);
    }),
    remove: (taken) => [`aws cloudwatch delete-dashboards --dashboard-names ${namesOf(taken)}`],
  },
  'AWS::SSM::Parameter': {
    check: 'parameters',
    property: 'Name',
    async taken(names, { aws, abort }) {
      const client = await aws.ssm();
      const found = await Promise.all(
        inTens(names).map((ten) => client.send(new GetParametersCommand({ Names: ten }), abort)),
      );
      return found.flatMap(({ Parameters: parameters = [] }) =>
        parameters.flatMap(({ Name: name }) => (name === undefined ? [] : { name })),
      );
    },
    remove: (taken) => [`aws ssm delete-parameters --names ${namesOf(taken)}`],
  },
};

/** The names of a template, by the type of what they name. */
export function namesIn({ Resources: resources }: StackTemplate): Map<string, string[]> {
  const found = new Map(Object.keys(kinds).map((type) => [type, [] as string[]]));
  for (const { Type: type, Properties: properties = {} } of Object.values(resources)) {
    const name = properties[kinds[type]?.property ?? ''];
    if (typeof name === 'string') found.get(type)?.push(name);
  }
  return found;
}

export interface NameChecksOptions {
  readonly place: DeployedPlace;
  readonly identity: Identity;
  readonly template: StackTemplate;
  /** The ids that AWS gives to what the stack has; none where there is no stack. */
  readonly ownIds: () => Promise<readonly string[]>;
}

/** For each kind, whether the stack would meet a name that something outside of it has. */
export function nameChecks({ place, identity, template, ownIds }: NameChecksOptions): Check[] {
  const { aws, region, options } = place;
  const wanted = namesIn(template);
  return Object.entries(kinds).map(([type, { check, taken, remove }]) => ({
    name: check,
    remedy: `npx relay preflight ${options}`,
    run: (abortSignal) =>
      unlessUnanswered(async () => {
        const names = wanted.get(type) ?? [];
        const where: Place = { aws, region, identity, abort: { abortSignal } };
        const own = await ownIds();
        const all = await taken(names, where);
        const strange = all.filter(({ name }) => !own.some((id) => isIdOf(id, name)));
        if (strange.length === 0) return ok(inWords({ own: all.length, free: names.length - all.length }));
        const commands = remove?.(strange, where) ?? [];
        return failed(`There already, outside of the stack: ${namesOf(strange, ', ')}.`, {
          remedy: commands.map((command) => `${command} --region ${region}`).join(' && ') || bringBack,
        });
      }),
  }));
}

function inWords({ own, free }: { readonly own: number; readonly free: number }): string {
  const parts = [own > 0 ? `${own} the stack's own` : '', free > 0 ? `${free} free` : ''];
  return parts.filter((part) => part !== '').join(', ') || 'None in the template';
}

/** Queues have their URL for an id, topics their ARN, secrets theirs with six characters more, the others the name itself. */
function isIdOf(id: string, name: string): boolean {
  return id === name || id.endsWith(`/${name}`) || id.endsWith(`:${name}`) || id.includes(`:secret:${name}-`);
}

function topicArn(name: string, { region, identity: { partition, account } }: Place): string {
  return `arn:${partition}:sns:${region}:${account}:${name}`;
}

function namesOf(taken: readonly Taken[], separator = ' '): string {
  return taken.map(({ name }) => name).join(separator);
}

/** Those that `look` finds: it rejects when there is no such thing. */
function eachThat(
  look: (name: string, place: Place) => Promise<Omit<Taken, 'name'> | undefined>,
): Kind['taken'] {
  return async (names, place) => {
    const found = await Promise.all(
      names.map(async (name) => {
        try {
          return [{ name, ...(await look(name, place)) }];
        } catch (error) {
          if (error instanceof Error && /NotFound|DoesNotExist|NonExistent/.test(error.name)) return [];
          throw error;
        }
      }),
    );
    return found.flat();
  };
}

/** SSM takes ten names at once. */
function inTens(names: readonly string[]): string[][] {
  return names.length === 0 ? [] : [names.slice(0, 10), ...inTens(names.slice(10))];
}
