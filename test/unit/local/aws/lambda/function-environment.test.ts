import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFunctionWorkshop, projectRoot } from '../../../../support/lambda-functions.ts';

const workshop = createFunctionWorkshop();
const answersItsEnvironment = 'exports.handler = async () => ({ ...process.env, cwd: process.cwd() });';

afterEach(async () => {
  vi.unstubAllEnvs();
  await workshop.removeAll();
});

async function environmentOf(source: string, environment: Record<string, string>) {
  const underTest = await workshop.make(source, { environment });
  const invocation = await underTest.invoke({});
  if (invocation.kind !== 'success') throw new Error(invocation.kind);
  const variables: object = JSON.parse(invocation.payload);
  return { underTest, variables };
}

describe('the environment of a function', () => {
  it('is its own variables and Lambda’s, and nothing else', async () => {
    const { underTest, variables } = await environmentOf(answersItsEnvironment, {
      QUEUE_URL: 'http://127.0.0.1:1/queue',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
    });

    expect(variables).toEqual({
      QUEUE_URL: 'http://127.0.0.1:1/queue',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(
        /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
      ),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'under-test',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'Text',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/under-test',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      LAMBDA_TASK_ROOT: underTest.codeDirectory,
      LANG: 'en_US.UTF-8',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      TZ: ':UTC',
      cwd: underTest.codeDirectory,
    });
  });

  it('has no variable of the process that starts it', async () => {
    vi.stubEnv('PLANTED_SECRET', 'sk-live-1');
    vi.stubEnv('NODE_OPTIONS', '--title=planted');
    vi.stubEnv('AWS_PROFILE', 'production');

    const { variables } = await environmentOf(answersItsEnvironment, {});

    expect(Object.keys(variables)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/PLANTED_SECRET|NODE_OPTIONS|AWS_PROFILE|HOME/)]),
    );
  });

  it('keeps the time in UTC, wherever the machine is', async () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const underTest = await workshop.make('exports.handler = async () => new Date(0).getHours();');

    const invocation = await underTest.invoke({});

    expect(invocation).toMatchObject({ payload: '0' });
  });

  it('may not set what Lambda reserves', async () => {
    const attempt = workshop.make(answersItsEnvironment, { environment: { AWS_REGION: 'x', OK: 'y' } });

    await expect(attempt).rejects.toThrow(/refuses a function that does: AWS_REGION$/);
  });

  it('limits the heap to the memory of the function', async () => {
    const underTest = await workshop.make('exports.handler = async () => process.execArgv;', {
      memoryMb: 512,
    });

    const invocation = await underTest.invoke({});

    expect(invocation.kind === 'success' && JSON.parse(invocation.payload)).toEqual([
      '--max-old-space-size=460',
      '--import',
      `${projectRoot}/local/aws/lambda/runtime-client.mjs`,
    ]);
  });
});
