import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patienceMs, until } from '../../support/relay-command.ts';
import { type RunningLocalStack, runLocalStack } from '../../support/running-local-stack.ts';

const ids = Array.from({ length: 20 }, (_, index) => `order-${index + 1}`);

let stack: RunningLocalStack;

beforeAll(async () => {
  stack = await runLocalStack();
}, 2 * patienceMs);

afterAll(() => stack.stop());

describe('20 sends while Connectly answers 429 three times', { timeout: 2 * patienceMs }, () => {
  it('are all accepted, each once', async () => {
    await stack.tellFake('faults', { kind: 'answer', status: 429, times: 3 });
    const lines = ids.map((id) => JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', id }));
    await stack.project.write('orders.ndjson', `${lines.join('\n')}\n`);

    const { exitCode } = await stack.relay('bulk', stack.project.path('orders.ndjson'));

    await until('20 accepted messages', async () => (await stack.askFake()).accepted.count >= ids.length);
    const { accepted, requests } = await stack.askFake();
    const sends = requests.newest.filter(({ recipient }) => recipient !== null);
    expect(exitCode).toBe(0);
    expect(Object.values(accepted.byCallbackData)).toEqual(ids.map(() => 1));
    expect(sends.filter((request) => !request.outcome.accepted)).toHaveLength(3);
  });
});
