import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateMessage } from '../../../cli/commands/simulate-message.ts';
import { receivedFrom } from '../../support/received-messages.ts';
import { patienceMs, relayWith, stateOf } from '../../support/relay-command.ts';
import { type RunningLocalStack, runLocalStack } from '../../support/running-local-stack.ts';

let stack: RunningLocalStack;

beforeAll(async () => {
  stack = await runLocalStack();
}, 2 * patienceMs);

afterAll(() => stack.stop());

describe('The first inbound message', { timeout: patienceMs }, () => {
  it('lands on the events queue, and a forged one does not', async () => {
    const { outputs, awsUrl } = await stateOf(stack.project);

    const first = await stack.relay('simulate', 'message', '--text', 'Hello!', '--json');
    const forged = await stack.relay('simulate', 'message', '--text', 'Forged', '--bad-signature', '--json');
    const redelivered = await relayWith(
      { stdin: '{"message":{"id":"twice","text":"Again"}}' },
      stack.project,
      'simulate',
      'message',
      '--file',
      '-',
      '--repeat',
      '2',
      '--json',
    );

    const [one, two, three] = [first, forged, redelivered].map(({ stdout }) =>
      simulateMessage.result.parse(JSON.parse(stdout)),
    );
    const events = await receivedFrom(awsUrl, outputs['EventsQueueUrl'] ?? '');
    expect([first, forged, redelivered].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(two?.answers).toMatchObject([{ status: 401 }]);
    const ids = events.map(({ body }) => String(body['id']));
    expect(ids).toHaveLength(3);
    expect(new Set(ids)).toEqual(new Set([one?.eventId, 'twice']));
    expect(three?.eventId).toBe('twice');
    expect(events.find(({ body }) => body['id'] === one?.eventId)?.body).toMatchObject({
      topic: 'messages',
      event: { message: { text: 'Hello!' } },
    });
  });
});
