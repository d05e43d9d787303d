import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import { type AwsCall, type AwsProxy, type Gates, startAwsProxy } from './aws-proxy.ts';

let aws: ScriptedServer;
let proxy: AwsProxy;

beforeEach(async () => {
  [aws, proxy] = await Promise.all([startScriptedServer(), startAwsProxy()]);
});

afterEach(async () => {
  await proxy.close();
  await aws.close();
});

/** Gates that pass everything but what is said otherwise, and tell when the one in question has been asked. */
function gatesWith(closed?: keyof Gates) {
  const seen: { call: AwsCall; status?: number }[] = [];
  const asked = new Promise<void>((resolve) => {
    const pass = (name: keyof Gates) => {
      if (name === (closed ?? 'after')) resolve();
      return Promise.resolve(name !== closed);
    };
    proxy.connect({
      awsUrl: aws.url.href,
      gates: {
        before(call) {
          seen.push({ call });
          return pass('before');
        },
        after(call, status) {
          seen.push({ call, status });
          return pass('after');
        },
      },
    });
  });
  return { seen, asked };
}

function callAws(): Promise<Response> {
  return fetch(`http://127.0.0.1:${proxy.port}/`, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
    body: '{"TableName":"ledger"}',
  });
}

describe('The proxy before the emulated AWS', () => {
  it('passes calls and answers on, and shows both', async () => {
    aws.script(answer(400, '{"refused":true}'));
    const { seen } = gatesWith();

    const response = await callAws();

    expect([response.status, await response.text()]).toEqual([400, '{"refused":true}']);
    expect(aws.requests).toMatchObject([{ body: '{"TableName":"ledger"}' }]);
    expect(seen).toMatchObject([
      { call: { operation: 'PutItem', input: { TableName: 'ledger' } } },
      { call: { operation: 'PutItem' }, status: 400 },
    ]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('answers nothing when the gate "%s" is closed', async (closed, requests) => {
    const { asked } = gatesWith(closed);

    const pending = callAws().then(
      () => 'answered',
      () => 'broken off',
    );
    await asked;
    await proxy.close();

    expect(await pending).toBe('broken off');
    expect(aws.requests).toHaveLength(requests);
  });
});
