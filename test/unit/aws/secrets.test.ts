import { afterEach, describe, expect, it } from 'vitest';
import { secretReader } from '../../../lib/aws/secrets.ts';
import { AwsError, type AwsOperation } from '../../../local/aws/protocols/service.ts';
import { startAwsStand } from './aws-stand.ts';
import { passAllDeadlines } from './deadlines.ts';

let stand: Awaited<ReturnType<typeof startAwsStand>> | undefined;

afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

const failing = (error: unknown) => () => Promise.reject(error);

describe('a secret in Secrets Manager', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:webhook-AbCdEf';

  async function read(answer: AwsOperation) {
    stand = await startAwsStand({ secrets: { GetSecretValue: answer } });
    return secretReader(stand.secrets, arn)();
  }

  it('is read as it stands', async () => {
    const value = await read(async ({ SecretId }) => ({ SecretString: SecretId === arn ? ' value\n' : '' }));

    expect(value).toBe(' value\n');
  });

  it.each([
    ['has no value yet', failing(new AwsError('ResourceNotFoundException', "Secrets Manager can't find it"))],
    ['is empty', async () => ({ SecretString: '' })],
    ['is blank', async () => ({ SecretString: ' \n' })],
    ['is binary', async () => ({ SecretBinary: 'AAAA' })],
  ])('that %s is told apart, with the command that fills it', async (_, answer) => {
    const reading = read(answer);

    await expect(reading).rejects.toMatchObject({
      code: 'secret-not-set',
      message: expect.stringContaining('npx relay secrets set'),
    });
  });

  it('that nobody has filled yet keeps what Secrets Manager said', async () => {
    const reading = read(failing(new AwsError('ResourceNotFoundException', 'no value')));

    await expect(reading).rejects.toMatchObject({ cause: { name: 'ResourceNotFoundException' } });
  });

  it('that has not come within 2 seconds is unavailable', async () => {
    const deadlines = passAllDeadlines();

    const reading = read(() => new Promise(() => {}));

    await expect(reading).rejects.toMatchObject({
      code: 'secret-unavailable',
      cause: { name: 'AbortError' },
    });
    expect(deadlines).toEqual([2_000]);
  });

  it.each(['AccessDeniedException', 'ThrottlingException', 'InternalServiceError'])(
    'that cannot be read because of %s is unavailable, and the cause is kept',
    async (code) => {
      const reading = read(
        failing(new AwsError(code, 'no', { status: code === 'InternalServiceError' ? 500 : 400 })),
      );

      await expect(reading).rejects.toMatchObject({ code: 'secret-unavailable', cause: { name: code } });
    },
  );
});
