import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendText } from '../../../cli/commands/send-text.ts';
import { receivedFrom } from '../../support/received-messages.ts';
import { patienceMs, stateOf } from '../../support/relay-command.ts';
import { type RunningLocalStack, runLocalStack } from '../../support/running-local-stack.ts';

const customer = '+15555555555';
const silentCustomer = '+16315550777';
const code = 'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW';

let stack: RunningLocalStack;

beforeAll(async () => {
  stack = await runLocalStack();
}, 2 * patienceMs);

afterAll(() => stack.stop());

const stepsOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => sendText.result.parse(JSON.parse(line)));

describe('The first send, and a wrong one', { timeout: patienceMs }, () => {
  it('is read; outside of the window it is tried once, and waits among the dead letters with its reason', async () => {
    const { outputs, awsUrl } = await stateOf(stack.project);
    await stack.tellFake('windows', { customer: silentCustomer, state: 'expired' });

    const right = await stack.relay(
      'send',
      'text',
      '--to',
      customer,
      '--text',
      'hello!',
      '--follow',
      '--json',
    );
    const wrong = await stack.relay(
      'send',
      'text',
      '--to',
      silentCustomer,
      '--text',
      'too late',
      '--id',
      'late',
      '--follow',
      '--json',
    );
    const explained = await stack.relay('explain', code);

    const letters = await receivedFrom(awsUrl, outputs['SendsDlqUrl'] ?? '');
    const { requests } = await stack.askFake();
    expect([right.exitCode, wrong.exitCode]).toEqual([0, 5]);
    expect(stepsOf(right.stdout).map(({ step }) => step)).toContain('read');
    expect(stepsOf(wrong.stdout).map(({ step }) => step)).toEqual(['queued', 'refused']);
    expect(stepsOf(wrong.stdout).at(-1)).toMatchObject({ code, remedy: expect.stringMatching(/template/i) });
    expect(requests.newest.filter(({ recipient }) => recipient === silentCustomer)).toHaveLength(1);
    expect(letters).toMatchObject([
      { body: { id: 'late' }, attributes: { 'error.code': code, 'error.message': expect.any(String) } },
    ]);
    expect(explained.stdout).toContain('Remedy');
  });
});
