import { afterEach, describe, expect, it } from 'vitest';
import { secretReader } from '../../../lib/aws/secrets.ts';
import { AwsError } from '../../../local/aws/protocols/service.ts';
import { startAwsStand } from './aws-stand.ts';

let stand: Awaited<ReturnType<typeof startAwsStand>> | undefined;

afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

const failing = (error: unknown) => () => Promise.reject(error);

describe('a secret in Secrets Manager', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:webhook-AbCdEf';

  async function read(answer: () => Promise<object>) {
    stand = await startAwsStand({ secrets: { GetSecretValue: answer } });
    return secretReader(stand.secrets, arn)();
  }

  it('is read as it stands', async () => {
    const value = await read(async () => ({ SecretString: ' value\n' }));

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
