import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack } from '../../local/stack/stack.ts';
import { descendantsOf } from '../support/relay-process.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

// Hours pass here while nobody waits: the queues, the mapping and the fake Connectly share a clock that the tests move.
// The functions live in real time, so that clock starts at the real one. `stack.eventually` moves it, `eventually` alone
// does not: what it waits for happens by itself.

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

let clock: VirtualClock;
let stack: StackUnderTest;

beforeAll(async () => {
  clock = createVirtualClock(Date.now());
  const started = await startStack({ projectRoot, clock });
  stack = underTest(started, { meanwhile: () => clock.advance(1000) });
}, patienceMs);

afterAll(() => stack.close());

const templateTo = (to: string) => ({ type: 'template', to, templateName: 'order_ready' });

const messagesOf = (logicalId: string, to: string) =>
  stack.messages(logicalId).filter(({ body }) => body.includes(to));

function send(to: string): Promise<void> {
  return stack.enqueue(templateTo(to));
}

describe('A send', { timeout: patienceMs }, () => {
  it('waits as long as a 429 asks for, and is accepted once', async () => {
    const to = '+15550100002';
    const match = { recipient: to };
    stack.connectly.addFault({ kind: 'answer', status: 429, retryAfter: 300, name: 'busy', match });

    await send(to);
    await stack.eventually('The request', () => stack.requestsFor(to) || undefined);
    await eventually('The end of its batch', () => stack.mappings[0]?.inFlight === 0);
    const message = stack
      .queue('SendsQueue')
      .peek(Infinity)
      .find(({ body }) => body.includes(to));
    const putOffSeconds = ((message?.visibleAt ?? 0) - clock.now()) / 1000;
    await clock.advance(putOffSeconds * 1000);
    await stack.eventually('That it is accepted', () => stack.acceptedFor(to)[0]);

    expect(putOffSeconds).toBeGreaterThanOrEqual(300);
    // A tenth at most is added, so that not everybody comes back at once.
    expect(putOffSeconds).toBeLessThanOrEqual(330);
    expect(stack.acceptedFor(to)).toHaveLength(1);
    expect(stack.connectly.state().injected['busy']).toEqual({ accepted: 0, notAccepted: 1 });
  });

  it('with "resend" goes out again when its outcome is unclear', async () => {
    const to = '+15550100003';
    stack.connectly.addFault({ kind: 'reset', accept: true, match: { recipient: to } });

    await stack.enqueue({ ...templateTo(to), ifUnclear: 'resend' });
    await stack.eventually('The second copy', () => stack.acceptedFor(to)[1]);
    await stack.eventually('That it is acknowledged', () => messagesOf('SendsQueue', to).length === 0);

    expect(stack.acceptedFor(to)).toHaveLength(2);
    expect(messagesOf('OutcomesQueue', to)).toEqual([]);
  });
});

describe('A function that is killed amid its batch', { timeout: patienceMs }, () => {
  it('loses no message: all come again after the visibility timeout', async () => {
    const stuck = '+15550100005';
    const others = ['+15550100006', '+15550100007'];
    stack.connectly.addFault({ kind: 'hang', match: { recipient: stuck } });
    const [mapping] = stack.mappings;
    await eventually('That nothing is under way', () => mapping?.inFlight === 0);

    mapping?.pause();
    await stack.enqueueAll([...others, stuck].map(templateTo));
    mapping?.resume();
    await stack.eventually(
      'The request that is never answered',
      () => stack.connectly.state().injected['hang'],
    );
    for (const pid of descendantsOf(process.pid, 'runtime-client.mjs')) process.kill(pid, 'SIGKILL');
    await eventually('The end of the batch', () => mapping?.inFlight === 0);
    const left = stack.messages('SendsQueue').length;
    await clock.advance(361_000);
    await stack.eventually('That all have come again', () =>
      stack
        .queue('SendsQueue')
        .peek()
        .every(({ receiveCount }) => receiveCount > 1),
    );

    expect(left).toBe(3);
    const kept = ['SendsQueue', 'OutcomesQueue']
      .flatMap((each) => stack.messages(each))
      .map(({ body }) => body);
    for (const each of [...others, stuck]) {
      const isKept = kept.some((body) => body.includes(each));
      expect(isKept || stack.acceptedFor(each).length > 0).toBe(true);
    }
  });
});

describe('The end of a stack', { timeout: patienceMs }, () => {
  it('does not wait for sends that are under way', async () => {
    const reports: string[] = [];
    const ending = underTest(
      await startStack({
        projectRoot,
        onFunctionLog: (log) => void (log.stream === 'platform' && reports.push(log.report.status)),
      }),
    );
    ending.connectly.addFault({ kind: 'hang' });
    await ending.enqueue(templateTo('+15550100008'));
    await ending.eventually('The request', () => ending.connectly.state().injected['hang']);

    await ending.close();

    // Its process has ended amid the invocation, which would have succeeded later on.
    expect(reports).toEqual(['exit']);
  });
});
