import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateMessage } from '../../../cli/simulate/simulate.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
}, 2 * patienceMs);

afterAll(() => journey.end());

/** Whatever has come since the last look: what has been received stays out of sight for longer than this file takes. */
async function queuedEvents() {
  return (await journey.received('EventsQueueUrl')).map(({ body }) => body);
}

async function simulate(...args: string[]) {
  const { exitCode, stdout, stderr } = await journey.relay('simulate', ...args, '--json');
  const result = stdout === '' ? undefined : simulateMessage.result.parse(JSON.parse(stdout));
  return { exitCode, result, stderr };
}

describe('relay simulate', { timeout: patienceMs }, () => {
  it.each<[string, string[], string, object]>([
    [
      'message',
      asTyped`--text "Grüße 🎉" --from +16315550001`,
      'messages',
      { message: { text: 'Grüße 🎉' }, sender: { id: '+16315550001' } },
    ],
    [
      'status',
      asTyped`--status read --send-id order-1`,
      'delivery_status',
      { statusUpdate: { status: 'read' } },
    ],
    ['button', ['--payload', 'yes'], 'messages', { buttonResponse: { payload: 'yes' } }],
    [
      'location',
      asTyped`--latitude 1.5 --longitude -2.5`,
      'messages',
      { message: { location: { latitude: 1.5, longitude: -2.5 } } },
    ],
    [
      'report',
      ['--set', 'report.last_run.id=r9', '--base64'],
      'report',
      { report: { last_run: { id: 'r9' } } },
    ],
  ])('puts a %s on the events queue, under the id that it tells', async (kind, options, topic, event) => {
    const { exitCode, result, stderr } = await simulate(kind, ...options);

    const [queued] = await queuedEvents();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(result).toMatchObject({ topic, answers: [{ status: 200 }] });
    expect(queued).toMatchObject({ id: result?.eventId, topic, event });
  });

  it('sends one event several times under one id', async () => {
    const { result } = await simulate('message', '--repeat', '3');

    const ids = (await queuedEvents()).map((event) => event['id']);
    expect(result?.answers).toHaveLength(3);
    expect(ids).toEqual([result?.eventId, result?.eventId, result?.eventId]);
  });

  it('sends the bytes of a file as they are', async () => {
    const stdin = '{ "message": {"id":"spaced" } }\n';

    const { exitCode } = await journey.relayWith({ stdin }, 'simulate', 'message', '--file', '-');

    const [queued] = await queuedEvents();
    expect(exitCode).toBe(0);
    expect(queued).toMatchObject({ id: 'spaced' });
  });

  it('has a bad signature refused, and nothing on the queue', async () => {
    const { exitCode, result } = await simulate('message', '--bad-signature');

    expect(exitCode).toBe(0);
    expect(result?.answers).toMatchObject([{ status: 401 }]);
    expect(await queuedEvents()).toEqual([]);
  });

  it('says what a refusal means, with its exit code', async () => {
    await journey.project.write('large.json', JSON.stringify('x'.repeat(600_000)));

    const { exitCode, stderr } = await simulate('message', '--file', journey.project.path('large.json'));

    expect(exitCode).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'webhook-refused', message: expect.stringContaining('512 KiB') },
    });
  });

  it.each([
    ['a customer that is none', ['message', '--from', '555'], '--from'],
    ['a recipient that is none', ['status', '--to', 'abc'], '--to'],
    ['a text for a file that holds all', asTyped`message --file x --text a`, '--text'],
    ['a change without a value', ['message', '--set', 'text'], '--set'],
    ['a code for a success', asTyped`status --status read --code X`, '--code'],
    ['no times at all', ['message', '--repeat', '0'], 'from 1 to'],
  ])('ends with 2 on %s', async (_, args, words) => {
    const { exitCode, result, stderr } = await simulate(...args);

    expect({ exitCode, result }).toEqual({ exitCode: 2, result: undefined });
    expect(stderr).toContain(words);
  });
});
