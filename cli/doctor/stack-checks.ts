import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Check, type Finding, failed, ok, warning } from '../checks/check.ts';
import { describeMapping } from '../pause/mapping.ts';
import type { OutputName } from '../target/outputs.ts';
import { countMessages } from '../target/queues.ts';
import type { FunctionName, Target } from '../target/target.ts';

/** Each function that reads a queue, with that queue. */
const readers = [
  { feeds: 'send-message', queue: 'SendsQueueUrl', arn: 'SendsQueueArn' },
  { feeds: 'settle-send', queue: 'OutcomesQueueUrl', arn: 'OutcomesQueueArn' },
] as const satisfies readonly { feeds: FunctionName; queue: OutputName; arn: OutputName }[];

/** Lambda wants a queue's visibility timeout to be six times the function's, and the batching window more. */
const timesTheTimeout = 6;

/** What AWS knows of the stack: who asks, where it is, how it stands, and whether queues and functions fit. */
export function stackChecks(target: Target): Check[] {
  const { aws, stage, options, functions, region, stackName } = target;
  const deploy =
    target.kind === 'local' ? 'npm start' : `npx serverless deploy --stage ${stage} --region ${region}`;
  const [, , , arnRegion, account] = target.output('SendsQueueArn').split(':');

  const mappingOf = ({ arn: queueArn, feeds }: (typeof readers)[number], signal: AbortSignal) =>
    describeMapping(target, { queueArn, feeds, signal });

  return [
    {
      name: 'identity',
      remedy: 'aws sts get-caller-identity',
      async run(signal) {
        const client = await aws.sts();
        const { Account: own = '' } = await client.send(new GetCallerIdentityCommand({}), {
          abortSignal: signal,
        });
        return own === account
          ? ok(`Signed in to account ${own}`)
          : warning(`Signed in to account ${own}, and the stack is in ${account}.`);
      },
    },
    {
      name: 'region',
      remedy: `npx relay doctor --stage ${stage} --region ${arnRegion}`,
      run: async () =>
        arnRegion === region
          ? ok(region)
          : failed(`The stack's queues are in ${arnRegion}, not in ${region}.`),
    },
    {
      name: 'stack',
      remedy: deploy,
      async run(signal) {
        const client = await aws.cloudFormation();
        const { Stacks: [stack] = [] } = await client.send(
          new DescribeStacksCommand({ StackName: stackName }),
          { abortSignal: signal },
        );
        const status = stack?.StackStatus ?? 'unknown';
        if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(`${stackName} is ${status}`);
        // The last deployment was taken back: what runs is the one before.
        if (/^(UPDATE|IMPORT)_(ROLLBACK_COMPLETE|COMPLETE_CLEANUP_IN_PROGRESS)$/.test(status))
          return warning(`${stackName} is ${status}`);
        return failed(`${stackName} is ${status}`);
      },
    },
    {
      name: 'sending',
      remedy: `npx relay resume ${options}`,
      async run(signal) {
        const { State: state } = await mappingOf(readers[0], signal);
        return state === 'Enabled' || state === 'Enabling'
          ? ok('The sender reads its queue')
          : failed(`The sender does not read its queue: the mapping is ${state}.`);
      },
    },
    {
      name: 'settling',
      remedy: deploy,
      async run(signal) {
        const { State: state } = await mappingOf(readers[1], signal);
        return state === 'Enabled' || state === 'Enabling'
          ? ok('Unclear sends are settled')
          : failed(`Nobody settles unclear sends: the mapping is ${state}.`);
      },
    },
    {
      name: 'partial-responses',
      remedy: deploy,
      async run(signal) {
        const mappings = await Promise.all(readers.map((reader) => mappingOf(reader, signal)));
        const without = readers.filter(
          (_, index) => !mappings[index]?.FunctionResponseTypes?.includes('ReportBatchItemFailures'),
        );
        return without.length === 0
          ? ok('One failed message does not bring its batch back')
          : failed(
              `A failed message brings its whole batch back at ${without.map(({ feeds }) => functions[feeds]).join(' and ')}.`,
            );
      },
    },
    {
      name: 'visibility',
      remedy: deploy,
      async run(signal) {
        const found = await Promise.all(readers.map((reader) => visibility(reader, signal)));
        const short = found.filter(({ has, needs }) => has < needs);
        return short.length === 0
          ? ok('Messages stay out of sight for as long as a batch may take')
          : failed(
              short
                .map(
                  ({ name, has, needs }) =>
                    `Messages of ${name} are out of sight for ${has} s, not ${needs} s: they would be sent while the first try runs.`,
                )
                .join(' '),
            );
      },
    },
    { name: 'recipients', remedy: deploy, run: async () => recipients(target) },
    ...(['SendsDlqUrl', 'EventsDlqUrl'] as const).map((queue) => deadLetterCheck(target, queue)),
  ];

  async function visibility(reader: (typeof readers)[number], signal: AbortSignal) {
    const [lambda, sqs] = [await aws.lambda(), await aws.sqs()];
    const name = functions[reader.feeds];
    const [mapping, { Timeout: timeout = 0 }, { Attributes: attributes }] = await Promise.all([
      mappingOf(reader, signal),
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }), { abortSignal: signal }),
      sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: target.output(reader.queue),
          AttributeNames: ['VisibilityTimeout'],
        }),
        { abortSignal: signal },
      ),
    ]);
    const needs = timesTheTimeout * timeout + (mapping.MaximumBatchingWindowInSeconds ?? 0);
    return { name, has: Number(attributes?.VisibilityTimeout ?? 0), needs };
  }
}

/** There is no sandbox at Connectly: a stage for trials must be told who it may send to. */
function recipients(target: Target): Finding {
  const { kind, stage } = target;
  if (kind === 'local') return ok('Connectly is a fake one here');
  const onlyTo = target.output('OnlyTo');
  if (onlyTo === 'named') return ok('Sends to named recipients only');
  if (onlyTo === 'everybody' || stage === 'prod') return ok('Sends to everybody');
  return warning(
    `Sends to everybody, and nobody has said so. Write onlyTo into serverless.yml, below params and ${stage}: numbers in quotes, or '*'. Then deploy.`,
  );
}

/** Dead letters are work for a person, and no fault of the stack. */
function deadLetterCheck(target: Target, queue: 'SendsDlqUrl' | 'EventsDlqUrl'): Check {
  const isOfSends = queue === 'SendsDlqUrl';
  return {
    name: isOfSends ? 'sends-dlq' : 'events-dlq',
    remedy: isOfSends
      ? `npx relay dlq explain ${target.options}`
      : `aws sqs start-message-move-task --source-arn ${target.output('EventsDlqArn')}`,
    async run(signal) {
      const { waiting, outOfSight } = await countMessages(
        await target.aws.sqs(),
        target.output(queue),
        signal,
      );
      const what = isOfSends ? 'sends were given up' : 'events were given up by your consumer';
      const count = waiting + outOfSight;
      return count === 0 ? ok('No dead letters') : warning(`${count} ${what}.`);
    },
  };
}
