import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../local/connectly/fault-specs.ts';
import { customer, type RunningFake, runFake } from './running-fake.ts';

let running: RunningFake;
/** What the injected random says; a test sets it. */
let chance: number;
beforeEach(async () => {
  chance = 0;
  running = await runFake({ enforceWindows: false, random: () => chance });
});
afterEach(() => running.close());

const accepted = () => running.fake.state().accepted.count;
const injected = () => running.fake.state().injected;

describe('which requests', () => {
  test('times says how often, and always for ever', async () => {
    running.fake.addFault({ kind: 'answer', status: 500, times: 2 });
    const twice = [await running.sendText(), await running.sendText(), await running.sendText()];
    running.fake.addFault({ kind: 'answer', status: 502, times: 'always' });
    const always = [await running.sendText(), await running.sendText(), await running.sendText()];

    running.fake.removeFaults();
    const after = await running.sendText();

    const statuses = [...twice, ...always, after].map(({ status }) => status);
    expect(statuses).toEqual([500, 500, 201, 502, 502, 502, 201]);
  });

  test.each([
    [{ recipient: customer }, [500, 201]],
    [{ recipient: '+15555555556' }, [201, 500]],
    [{ endpoint: 'send/messages' }, [500, 201]],
    [{ endpoint: 'create/webhooks' }, [201, 201]],
    [{ businessId: 'b1' }, [500, 201]],
    [{ businessId: 'b2' }, [201, 201]],
  ] satisfies ReadonlyArray<[FaultSpec['match'] & object, number[]]>)('match %j', async (match, expected) => {
    running.fake.addFault({ kind: 'answer', status: 500, match });

    const first = await running.sendText();
    const second = await running.sendText({ to: '+15555555556' });

    expect([first.status, second.status]).toEqual(expected);
  });

  test('probability asks the injected random', async () => {
    running.fake.addFault({ kind: 'answer', status: 500, probability: 0.3, times: 'always' });

    chance = 0.3;
    const spared = await running.sendText();
    chance = 0.29;
    const struck = await running.sendText();

    expect([spared.status, struck.status]).toEqual([201, 500]);
  });

  test('the first one that matches strikes, and the next waits for its turn', async () => {
    running.fake.addFault({ kind: 'answer', status: 500 });
    running.fake.addFault({ kind: 'answer', status: 502 });

    const first = await running.sendText();
    const second = await running.sendText();

    expect([first.status, second.status]).toEqual([500, 502]);
  });

  test('a wrong key does not use a fault up', async () => {
    running.fake.addFault({ kind: 'answer', status: 500 });

    const wrong = await running.call('GET', '/v1/businesses/b1/webhooks', { headers: { 'x-api-key': 'no' } });

    expect(wrong.status).toBe(401);
    expect(running.fake.faults()).toHaveLength(1);
  });

  test('a fault that accepts first waits for a message that can be accepted', async () => {
    running.fake.addFault({ kind: 'no-id' });

    const refused = await running.sendText({ text: '' });
    const struck = await running.sendText();

    expect([refused.status, struck.text]).toEqual([400, '{}']);
    expect(accepted()).toBe(1);
  });

  test('one can be taken back by its id', async () => {
    const id = running.fake.addFault({ kind: 'answer', status: 500 });
    running.fake.addFault({ kind: 'answer', status: 502 });

    const removed = await running.call('DELETE', `/_fake/faults/${id}`);
    const again = await running.call('DELETE', `/_fake/faults/${id}`);
    const reply = await running.sendText();

    expect([removed.status, again.status, reply.status]).toEqual([200, 404, 502]);
  });

  test('a name of its own is what a fault is counted under', async () => {
    running.fake.addFault({ kind: 'reset', name: 'cut cable' });

    await running.sendText();

    expect(injected()).toEqual({ 'cut cable': { accepted: 0, notAccepted: 1 } });
    expect(running.fake.state().requests.newest[0]?.outcome.fault).toBe('cut cable');
  });
});

test.each([
  ['kind', { kind: 'explode' }],
  ['kind', {}],
  ['status', { kind: 'answer' }],
  ['status', { kind: 'answer', status: 99 }],
  ['status', { kind: 'answer', code: 'ERROR_CODE_NEW' }],
  ['headers.a b', { kind: 'answer', status: 500, headers: { 'a b': '1' } }],
  ['headers.a', { kind: 'answer', status: 500, headers: { a: '1\n2' } }],
  ['retryAfter', { kind: 'answer', status: 500, retryAfter: 'a\nb' }],
  ['retryAfter', { kind: 'answer', status: 500, retryAfter: {} }],
  ['delayMs', { kind: 'slow' }],
  ['delayMs', { kind: 'slow', delayMs: -1 }],
  ['location', { kind: 'redirect' }],
  ['headers.Location', { kind: 'answer', status: 302, headers: { Location: 'https://example.com/' } }],
  ['location', { kind: 'redirect', location: 'https://example.com/' }],
  ['location', { kind: 'redirect', location: '/here' }],
  ['times', { kind: 'reset', times: 0 }],
  ['times', { kind: 'reset', times: 'often' }],
  ['probability', { kind: 'reset', probability: 1.1 }],
  ['match.endpoint', { kind: 'reset', match: { endpoint: 'send' } }],
  ['match.number', { kind: 'reset', match: { number: customer } }],
  ['delayMs', { kind: 'reset', delayMs: 5 }],
])('bad input is answered with 400 that names %s: %j', async (field, spec) => {
  const reply = await running.admin('faults', spec);

  expect(reply.status).toBe(400);
  expect(reply.json).toEqual({ field, message: expect.stringContaining(field) });
  expect(running.fake.faults()).toEqual([]);
});
