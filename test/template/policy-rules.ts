import { isDeepStrictEqual } from 'node:util';
import { knownActions } from './known-actions.ts';
import {
  list,
  problemsUnless,
  type Rule,
  record,
  referenceOf,
  resourcesOf,
  statementsOf,
  textsIn,
} from './template.ts';

/** The streams of one function's log group: a stream's name is made up when it begins. */
const logStreams = /:log-group:\/aws\/lambda\/[A-Za-z0-9-]+:\*$/;

/** No Allow statement may use a wildcard, except for the streams of one function's log group. */
export const noWildcards: Rule = (template) =>
  statementsOf(template).flatMap(({ id, statement }) => {
    if (statement['Effect'] !== 'Allow') return [];
    const excluding = ['NotAction', 'NotResource', 'NotPrincipal'].filter((name) => name in statement);
    const parts = ['Action', 'Resource', 'Principal'].flatMap((name) => textsIn(statement[name]));
    const wild = parts.filter((text) => text.includes('*') && !logStreams.test(text));
    return [...excluding, ...wild].map((what) => `${id}: ${what}`);
  });

/** IAM takes any word for an action, and a misspelt one allows nothing. */
export const actionsExist: Rule = (template) =>
  statementsOf(template).flatMap(({ id, statement }) =>
    [...textsIn(statement['Action']), ...textsIn(statement['NotAction'])]
      .filter((action) => !action.endsWith(':*') && !knownActions.has(action))
      .map((action) => `${id}: there is no action ${action}`),
  );

/** What a queue's reader does. */
const consumes = (queue: string) =>
  ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} ${queue}`,
  );
const writesItsLog = ['logs:CreateLogStream its log', 'logs:PutLogEvents its log'];
const keepsTheLedger = ['dynamodb:GetItem LedgerTable', 'dynamodb:PutItem LedgerTable'];

/** What each role and policy may do, and no more. */
export const usedBy: Readonly<Record<string, readonly string[]>> = {
  ReceiveWebhookRole: [
    ...writesItsLog,
    'sqs:SendMessage EventsQueue',
    'sqs:SendMessage OutcomesQueue',
    'secretsmanager:GetSecretValue WebhookSecret',
  ],
  SendMessageRole: [
    ...writesItsLog,
    ...consumes('SendsQueue'),
    'sqs:SendMessage SendsDlq',
    'sqs:SendMessage OutcomesQueue',
    ...keepsTheLedger,
    'secretsmanager:GetSecretValue ApiKeySecret',
  ],
  SettleSendRole: [
    ...writesItsLog,
    ...consumes('OutcomesQueue'),
    'sqs:SendMessage SendsQueue',
    'sqs:SendMessage SendsDlq',
    ...keepsTheLedger,
  ],
  SendPolicy: ['SendMessage', 'GetQueueUrl', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} SendsQueue`,
  ),
  ConsumePolicy: [...consumes('EventsQueue'), 'sqs:GetQueueUrl EventsQueue'],
};

/** The roles that write to each queue where nobody else may: SQS alone moves what is on the events DLQ. */
export const writersOf: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ['EventsQueue', 'EventsDlq', 'SendsDlq', 'OutcomesQueue'].map((queue) => [
    queue,
    Object.keys(usedBy).filter((role) => usedBy[role]?.includes(`sqs:SendMessage ${queue}`)),
  ]),
);

/** Whoever may write to every queue of the account is kept from these; the events queue takes back what an operator moves. */
export const queuesKnowTheirWriters: Rule = (template) => {
  const operator = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:*/relay-prod' };
  const statements = statementsOf(template).map(({ statement }) => statement);
  return Object.entries(writersOf).flatMap(([queue, roles]) => {
    const writers: unknown[] = roles.map((role) => ({ 'Fn::GetAtt': [role, 'Arn'] }));
    if (queue === 'EventsQueue') writers.push(operator);
    const wanted = {
      Sid: roles.length > 0 ? 'OnlyFromItsWriters' : 'OnlyFromSqs',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
      Condition: {
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
        ...(writers.length > 0 && { ArnNotLike: { 'aws:PrincipalArn': writers } }),
      },
    };
    return problemsUnless([
      statements.some((statement) => isDeepStrictEqual(statement, wanted)),
      `${queue}: others than ${roles.join(', ') || 'SQS'} may write there`,
    ]);
  });
};

/** Every role and policy for identities allows exactly what its user does. */
export const onlyWhatIsUsed: Rule = (template) => {
  const holders = ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
    resourcesOf(template, type),
  );
  const missing = Object.keys(usedBy).filter((id) => !holders.some((holder) => holder.id === id));
  const wrong = holders.flatMap(({ id, properties }) => {
    const own = statementsOf(template)
      .filter((each) => each.id === id && !('Principal' in each.statement))
      .flatMap(({ statement }) => allowancesOf(statement, ownLogOf(id)));
    const wanted = usedBy[id] ?? [];
    return own
      .filter((each) => !wanted.includes(each))
      .concat(textsIn(properties['ManagedPolicyArns']).map((arn) => `whatever ${arn} allows`))
      .map((each) => `${id}: may ${each}`)
      .concat(wanted.filter((each) => !own.includes(each)).map((each) => `${id}: may not ${each}`));
  });
  return [...missing.map((id) => `${id} is missing`), ...wrong];
};

function allowancesOf(statement: Readonly<Record<string, unknown>>, ownLog: string): string[] {
  if (statement['Effect'] !== 'Allow') return [];
  return textsIn(statement['Action']).flatMap((action) =>
    list(statement['Resource']).map((resource) => `${action} ${targetOf(resource, ownLog)}`),
  );
}

function targetOf(resource: unknown, ownLog: string): string {
  const text = textsIn(resource).join('');
  return text.endsWith(ownLog) ? 'its log' : (referenceOf(resource) ?? text);
}

/** SendMessageRole writes to the log group of send-message. */
function ownLogOf(role: string): string {
  const name = role
    .replace(/Role$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  return `:log-group:/aws/lambda/connectly-relay-prod-${name}:*`;
}

/** A key is used through the services that encrypt with it, and never by itself: who may decrypt reads no secret so. */
export const keysAreUsedThroughServices: Rule = (template) =>
  statementsOf(template)
    .filter(
      ({ statement }) => statement['Effect'] === 'Allow' && /"kms:/.test(JSON.stringify(statement['Action'])),
    )
    .filter(({ statement }) => {
      const [pattern = ''] = textsIn(record(record(statement['Condition'])['StringLike'])['kms:ViaService']);
      return !/^(sqs|secretsmanager|dynamodb)\.\$\{AWS::Region\}\.\*$/.test(pattern);
    })
    .map(({ id }) => `${id}: may use a key by itself`);

/** A role is Lambda's to take, and nobody else's. */
export const rolesAreLambdas: Rule = (template) =>
  resourcesOf(template, 'AWS::IAM::Role').flatMap(({ id, properties }) => {
    const statements = list(record(properties['AssumeRolePolicyDocument'])['Statement']).map(record);
    return problemsUnless([
      statements.length === 1 &&
        statements.every(
          (statement) =>
            statement['Effect'] === 'Allow' &&
            statement['Action'] === 'sts:AssumeRole' &&
            JSON.stringify(statement['Principal']) === '{"Service":"lambda.amazonaws.com"}',
        ),
      `${id}: somebody else than Lambda may take it`,
    ]);
  });

/** Alarms of this account may call the topic, and nobody may without TLS. */
export const theTopicIsTheAlarms: Rule = (template) =>
  resourcesOf(template, 'AWS::SNS::Topic').flatMap(({ id }) => {
    const statements = statementsOf(template)
      .filter(({ type }) => type === 'AWS::SNS::TopicPolicy')
      .map(({ statement }) => statement)
      .filter((statement) => referenceOf(statement['Resource']) === id);
    const allowed = statements.filter((statement) => statement['Effect'] === 'Allow');
    const condition = '{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}';
    return problemsUnless(
      [
        allowed.length === 1 &&
          allowed.every(
            (statement) =>
              textsIn(statement['Principal']).join() === 'cloudwatch.amazonaws.com' &&
              JSON.stringify(statement['Condition']) === condition,
          ),
        `${id}: others than this account's alarms may publish`,
      ],
      [
        statements.some(
          (statement) =>
            statement['Effect'] === 'Deny' &&
            statement['Principal'] === '*' &&
            JSON.stringify(statement['Condition']) === '{"Bool":{"aws:SecureTransport":"false"}}',
        ),
        `${id}: may be used without TLS`,
      ],
    );
  });
