import { afterEach, describe, expect, it } from 'vitest';
import { type CheckResult, runChecks } from '../../../../cli/checks/check.ts';
import { stackChecks } from '../../../../cli/doctor/stack-checks.ts';
import { AwsError } from '../../../../local/aws/protocols/service.ts';
import {
  goodMapping,
  type StageFacts,
  type StageUnderCheck,
  startStageUnderCheck,
} from './stage-under-check.ts';

const { signal } = new AbortController();
const deploy = 'npx serverless deploy --stage test --region eu-west-1';

let stage: StageUnderCheck | undefined;

afterEach(() => stage?.close());

/** What is not well at a stage that is healthy but for this. */
async function troublesOf(different: Partial<StageFacts>): Promise<readonly CheckResult[]> {
  stage = await startStageUnderCheck(different);
  const results = await runChecks(stackChecks(stage.target), { deadlineMs: 10_000, signal });
  return results.filter(({ verdict }) => verdict !== 'ok');
}

/** What STS answers to a session that is over. */
async function refuse(): Promise<never> {
  throw new AwsError('ExpiredToken', 'The security token included in the request is expired', {
    status: 403,
  });
}

const disabled = { ...goodMapping, State: 'Disabled' };
const wholeBatches = { ...goodMapping, FunctionResponseTypes: [] };

describe('The checks of a stack', () => {
  it('find nothing at a healthy one', async () => {
    const troubles = await troublesOf({});

    expect(troubles).toEqual([]);
  });

  it.each<[string, Partial<StageFacts>, CheckResult]>([
    [
      'an account that is not that of the stack',
      { account: '999999999999' },
      {
        check: 'identity',
        verdict: 'warning',
        finding: 'Signed in to account 999999999999, and the stack is in 123456789012.',
        remedy: 'aws sts get-caller-identity',
      },
    ],
    [
      'queues in another region than the one that was named',
      { outputs: { SendsQueueArn: 'arn:aws:sqs:us-east-1:123456789012:connectly-relay-test-sends' } },
      {
        check: 'region',
        verdict: 'failed',
        finding: "The stack's queues are in us-east-1, not in eu-west-1.",
        remedy: 'npx relay doctor --stage test --region us-east-1',
      },
    ],
    [
      'a deployment that was taken back',
      { stackStatus: 'UPDATE_ROLLBACK_COMPLETE' },
      {
        check: 'stack',
        verdict: 'warning',
        finding: 'connectly-relay-test is UPDATE_ROLLBACK_COMPLETE',
        remedy: deploy,
      },
    ],
    [
      'a stack that was never complete',
      { stackStatus: 'ROLLBACK_COMPLETE' },
      {
        check: 'stack',
        verdict: 'failed',
        finding: 'connectly-relay-test is ROLLBACK_COMPLETE',
        remedy: deploy,
      },
    ],
    [
      'sending that is paused',
      { mappings: { 'send-message': disabled, 'settle-send': goodMapping } },
      {
        check: 'sending',
        verdict: 'failed',
        finding: 'The sender does not read its queue: the mapping is Disabled.',
        remedy: 'npx relay resume --stage test',
      },
    ],
    [
      'unclear sends that nobody settles',
      { mappings: { 'send-message': goodMapping, 'settle-send': disabled } },
      {
        check: 'settling',
        verdict: 'failed',
        finding: 'Nobody settles unclear sends: the mapping is Disabled.',
        remedy: deploy,
      },
    ],
    [
      'a sender that reports whole batches only',
      { mappings: { 'send-message': wholeBatches, 'settle-send': goodMapping } },
      {
        check: 'partial-responses',
        verdict: 'failed',
        finding: 'A failed message brings its whole batch back at connectly-relay-test-send-message.',
        remedy: deploy,
      },
    ],
    [
      'messages that come into sight a second too early, the batching window counted',
      { queueAttributes: { sends: { VisibilityTimeout: '360' }, outcomes: { VisibilityTimeout: '361' } } },
      {
        check: 'visibility',
        verdict: 'failed',
        finding:
          'Messages of connectly-relay-test-send-message are out of sight for 360 s, not 361 s: they would be sent while the first try runs.',
        remedy: deploy,
      },
    ],
  ])('find %s', async (_, different, expected) => {
    const troubles = await troublesOf(different);

    expect(troubles.filter(({ check }) => check === expected.check)).toEqual([expected]);
  });

  it.each([
    ['sends-dlq', '3 sends were given up.', 'npx relay dlq explain --stage test'],
    [
      'events-dlq',
      '3 events were given up by your consumer.',
      'aws sqs start-message-move-task --source-arn arn:aws:sqs:eu-west-1:123456789012:connectly-relay-test-events-dlq',
    ],
  ])('warn of dead letters on the %s, also of those out of sight', async (queue, finding, remedy) => {
    const counts = { ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '1' };
    const good = { sends: { VisibilityTimeout: '361' }, outcomes: { VisibilityTimeout: '361' } };

    const troubles = await troublesOf({ queueAttributes: { ...good, [queue]: counts } });

    expect(troubles).toEqual([{ check: queue, verdict: 'warning', finding, remedy }]);
  });

  it('find a queue that no mapping reads, wherever that matters', async () => {
    const troubles = await troublesOf({
      mappings: { 'send-message': undefined, 'settle-send': goodMapping },
    });

    expect(troubles.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['sending', 'failed'],
      ['partial-responses', 'failed'],
      ['visibility', 'failed'],
    ]);
    expect(troubles[0]?.finding).toContain('Nothing feeds connectly-relay-test-send-message');
  });

  it('warn of a stage that sends to everybody without anybody having said so', async () => {
    const unset = await troublesOf({ outputs: { OnlyTo: 'unset' } });
    const onPurpose = await troublesOf({ outputs: { OnlyTo: 'everybody' } });

    expect(unset).toEqual([
      {
        check: 'recipients',
        verdict: 'warning',
        finding: expect.stringContaining('Write onlyTo into serverless.yml, below params and test'),
        remedy: deploy,
      },
    ]);
    expect(onPurpose).toEqual([]);
  });

  it('take a refusal of AWS for a failure of the one check', async () => {
    const troubles = await troublesOf({ operations: { GetCallerIdentity: refuse } });

    expect(troubles).toEqual([
      {
        check: 'identity',
        verdict: 'failed',
        finding: expect.stringContaining('no AWS credentials that work'),
        remedy: 'Choose a --profile, or sign in: aws sso login, aws configure.',
      },
    ]);
  });
});
