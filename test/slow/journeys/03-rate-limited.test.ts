import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Journey, startJourney } from '../../support/journey.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const ids = Array.from({ length: 20 }, (_, index) => `order-${index + 1}`);

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, 2 * patienceMs);

afterAll(() => journey.end());

describe('20 sends while Connectly answers 429 three times', { timeout: 2 * patienceMs }, () => {
  it('are all accepted, each once', async () => {
    await journey.fake('faults', { kind: 'answer', status: 429, times: 3 });
    const lines = ids.map((id) => JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', id }));
    await journey.project.write('orders.ndjson', `${lines.join('\n')}\n`);

    const { exitCode } = await journey.relay('bulk', journey.project.path('orders.ndjson'));

    await eventually(
      '20 accepted messages',
      async () => (await journey.seen(0)).accepted.count >= ids.length,
    );
    const { accepted, requests } = await journey.seen();
    const sends = requests.newest.filter(({ recipient }) => recipient !== null);
    expect(exitCode).toBe(0);
    expect(Object.values(accepted.byCallbackData)).toEqual(ids.map(() => 1));
    expect(sends.filter((request) => !request.outcome.accepted)).toHaveLength(3);
  });
});
