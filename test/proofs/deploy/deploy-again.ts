import { queueAttributesSchema, tableSchema } from './answers.ts';
import { type Deployment, queueUrl, readFunctions, readStack } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';
import { readSecret } from './secrets.ts';

/** Everything that would tell that something with data in it was replaced. */
export type DataNote = ReadonlyMap<string, unknown>;

/** Puts a message on every queue and writes down which queues, secrets and tables there are, and what is in them. */
export async function noteData(deployment: Deployment, expected: ExpectedStack): Promise<DataNote> {
  for (const { name } of expected.queues)
    await deployment.aws([
      'sqs',
      'send-message',
      '--queue-url',
      queueUrl(deployment, name),
      '--message-body',
      'still here',
    ]);
  deployment.report.did('a message waits on every queue');
  return readData(deployment, expected);
}

async function readData(
  deployment: Deployment,
  { queues, tables, secrets }: ExpectedStack,
): Promise<DataNote> {
  const { aws } = deployment;
  const { physicalIds } = await readStack(deployment);
  const note = new Map<string, unknown>();
  for (const { logicalId, name } of queues) {
    const url = queueUrl(deployment, name);
    const answer = await aws(['sqs', 'get-queue-attributes', '--queue-url', url, '--attribute-names', 'All']);
    const { Attributes: attributes } = queueAttributesSchema.parse(answer);
    note.set(logicalId, {
      id: physicalIds.get(logicalId),
      created: attributes['CreatedTimestamp'],
      messages: attributes['ApproximateNumberOfMessages'],
    });
  }
  for (const { logicalId, name } of tables) {
    const { Table: table } = tableSchema.parse(
      await aws(['dynamodb', 'describe-table', '--table-name', name]),
    );
    const items = await aws(['dynamodb', 'scan', '--table-name', name, '--select', 'COUNT']);
    note.set(logicalId, {
      id: physicalIds.get(logicalId),
      arn: table.TableArn,
      created: table.CreationDateTime,
      items: Object(items).Count,
    });
  }
  for (const { logicalId, name } of secrets) note.set(logicalId, await readSecret(deployment, name));
  return note;
}

export async function deployAgain(
  { serverless, report, stackName }: Deployment,
  arguments_: readonly string[],
): Promise<void> {
  const printed = await serverless(...arguments_);
  report.holds('it ends well and names the stack', printed.includes(stackName), printed);
}

/** The functions have the new settings, and nothing with data in it was replaced. */
export async function checkSecondDeploy(
  deployment: Deployment,
  expected: ExpectedStack,
  before: DataNote,
): Promise<void> {
  const { report } = deployment;
  const variables = (await readFunctions(deployment)).map(({ Environment: { Variables: each } }) => each);
  report.equal(
    'the functions have the new log level',
    variables.map((each) => each['LOG_LEVEL']),
    expected.functions.map(() => 'debug'),
  );
  report.equal(
    'the sender has the new rate',
    variables.flatMap((each) => each['SENDS_PER_SECOND'] ?? []),
    ['100'],
  );
  report.holds(
    'a message was on every queue',
    expected.queues.every(({ logicalId }) => Number(Object(before.get(logicalId)).messages) > 0),
  );
  const after = await readData(deployment, expected);
  for (const [name, noted] of before)
    report.equal(`${name} is the same as before, with what is in it`, after.get(name), noted);
}

/** A deployment without the recipients that the deployed stage has changes nothing. */
export async function refuseToOpen(deployment: Deployment, arguments_: readonly string[]): Promise<void> {
  const { report, serverless } = deployment;
  const ended = await serverless(...arguments_).then(
    () => 'It was deployed.',
    (error: unknown) => String(error),
  );
  report.holds('it is refused, and says why', ended.includes('would let it send to everybody'), ended);
  const variables = (await readFunctions(deployment)).map(({ Environment: { Variables: each } }) => each);
  report.equal(
    '... before anything has changed: the functions have the settings of before',
    variables.map((each) => `${each['LOG_LEVEL']} ${each['ONLY_TO'] ?? ''}`).toSorted(),
    ['debug ', 'debug +15550000001', 'debug +15550000001'],
  );
}
