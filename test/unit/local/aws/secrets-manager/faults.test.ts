import { describe, expect, test } from 'vitest';
import { startSecretsManager } from './service-calls.ts';

function withSecret() {
  const started = startSecretsManager();
  started.secretsManager.createSecret({ name: 'key', value: 'x' });
  const read = (signal?: AbortSignal) => started.call('GetSecretValue', { SecretId: 'key' }, signal);
  return { ...started, read, faults: started.secretsManager.faults };
}

describe('Faults can be switched on in front of the service', () => {
  test.each([
    ['throttle', 'ThrottlingException', 400],
    ['internal-error', 'InternalServiceError', 500],
    ['access-denied', 'AccessDeniedException', 400],
  ] as const)('%s answers as AWS does', async (kind, code, status) => {
    const { faults, read } = withSecret();
    faults.add({ operation: 'GetSecretValue', fault: { kind } });

    const answer = read();

    await expect(answer).rejects.toMatchObject({ code, status });
  });

  test('a fault meets as many calls as it is told to, after those it is told to spare', async () => {
    const { faults, read } = withSecret();
    faults.add({ operation: 'GetSecretValue', fault: { kind: 'throttle' }, after: 1, times: 2 });
    const outcomes: string[] = [];

    for (let count = 0; count < 4; count += 1)
      outcomes.push(
        await read().then(
          () => 'answered',
          () => 'throttled',
        ),
      );

    expect(outcomes).toEqual(['answered', 'throttled', 'throttled', 'answered']);
  });

  test('a fault of one operation spares the others, and one of every operation does not', async () => {
    const { faults, call } = withSecret();
    const off = faults.add({ operation: 'PutSecretValue', fault: { kind: 'throttle' } });
    const spared = await call('DescribeSecret', { SecretId: 'key' });
    off();
    faults.add({ operation: '*', fault: { kind: 'throttle' } });

    const met = call('DescribeSecret', { SecretId: 'key' });

    expect(spared).toMatchObject({ Name: 'key' });
    await expect(met).rejects.toMatchObject({ code: 'ThrottlingException' });
  });

  test('a hanging call goes on when the fault is cleared', async () => {
    const { faults, read, clock } = withSecret();
    faults.add({ operation: '*', fault: { kind: 'hang' } });
    let settled = false;
    const answer = read().finally(() => (settled = true));
    await clock.advance(60 * 60 * 1000);
    const settledWhileHanging = settled;

    faults.clear();

    expect(settledWhileHanging).toBe(false);
    await expect(answer).resolves.toMatchObject({ SecretString: 'x' });
  });

  test('a hanging call ends when its caller hangs up', async () => {
    const { faults, read } = withSecret();
    faults.add({ operation: '*', fault: { kind: 'hang' } });
    const connection = new AbortController();
    const answer = read(connection.signal);

    connection.abort();

    await expect(answer).rejects.toMatchObject({ code: 'RequestAbortedException' });
  });

  test('a slow call is answered when its time has passed, and its timer goes with its caller', async () => {
    const { faults, read, clock } = withSecret();
    faults.add({ operation: '*', fault: { kind: 'slow', delayMs: 3000 } });
    let settled = false;
    const answer = read().finally(() => (settled = true));
    await clock.advance(2999);
    const settledBefore = settled;
    const connection = new AbortController();
    const hungUp = read(connection.signal).catch(() => 'gone');
    connection.abort();

    await clock.advance(1);

    expect(settledBefore).toBe(false);
    await expect(answer).resolves.toMatchObject({ SecretString: 'x' });
    expect(await hungUp).toBe('gone');
    expect(clock.pendingTimers()).toBe(0);
  });

  test('calls are counted, failed ones included', async () => {
    const { faults, read } = withSecret();
    faults.add({ operation: '*', fault: { kind: 'throttle' }, times: 1 });
    await read().catch(() => undefined);

    await read();

    expect(faults.calls('GetSecretValue')).toBe(2);
    expect(faults.calls('PutSecretValue')).toBe(0);
  });
});
