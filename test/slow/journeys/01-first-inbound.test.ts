import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateMessage } from '../../../cli/simulate/simulate.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, 2 * patienceMs);

afterAll(() => journey.end());

describe('The first inbound message', { timeout: patienceMs }, () => {
  it('lands on the events queue, and a forged one does not', async () => {
    const first = await journey.relay('simulate', 'message', '--text', 'Hello!', '--json');
    const forged = await journey.relay(...asTyped`simulate message --text Forged --bad-signature --json`);
    const redelivered = await journey.relayWith(
      { stdin: '{"message":{"id":"twice","text":"Again"}}' },
      ...asTyped`simulate message --file - --repeat 2 --json`,
    );

    const [one, two, three] = [first, forged, redelivered].map(({ stdout }) =>
      simulateMessage.result.parse(JSON.parse(stdout)),
    );
    const events = await journey.received('EventsQueueUrl');
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
