import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../../cli/dev/dev.ts';
import { requiredOutputs } from '../../../cli/target/outputs.ts';
import { verify } from '../../../cli/verify/verify.ts';
import { webhookRegister } from '../../../cli/webhook/register.ts';
import { sign } from '../../../lib/webhook/signature.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { asTyped, type RelayResult, startRelay } from '../../support/relay-command.ts';
import { hang, type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const register = ['webhook', 'register', '--topic', 'messages'];

let stack: Journey;

beforeAll(async () => {
  stack = await startStackHere('--json');
}, patienceMs);

afterAll(() => stack.end());

const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** As for a deployed stage, whose AWS is the running local stack's. */
function atDeployed(stage: string, ...args: string[]): Promise<RelayResult> {
  const env = { AWS_ENDPOINT_URL: stack.state.awsUrl, ...keys };
  return stack.relayWith({ env }, ...args, '--stage', stage, '--region', 'us-east-1');
}

describe('a command at the local stack', { timeout: patienceMs }, () => {
  it('finds what every command needs in its outputs', async () => {
    const { outputs } = dev.result.parse(JSON.parse(stack.dev.stdout()));

    expect(Object.keys(outputs)).toEqual(expect.arrayContaining([...requiredOutputs]));
  });

  it('finds the stack by itself, and says so on stderr', async () => {
    const { exitCode, stdout, stderr } = await stack.relay(...register);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Acting on the local stack.\n' });
    expect(stdout).toMatch(/^Unchanged: /);
  });

  it.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
    'minds no %s, which is about AWS',
    async (name) => {
      const { exitCode } = await stack.relayWith({ env: { [name]: 'true' } }, ...register, '--local');

      expect(exitCode).toBe(0);
    },
  );

  it.each([['--quiet'], ['--json']])('says nothing on stderr with %s', async (option) => {
    const { exitCode, stderr } = await stack.relay(...register, '--local', option);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('prints a registration as JSON', async () => {
    const { stdout } = await stack.relay(...register, '--json');

    expect(webhookRegister.result.parse(JSON.parse(stdout))).toMatchObject({ action: 'unchanged' });
  });

  it('verifies with the secret of the stack, without showing it', async () => {
    await stack.project.write('body.txt', 'body');

    const { exitCode, stdout, stderr } = await stack.relay(
      ...asTyped`verify body.txt --json --signature`,
      sign('body', 'local-webhook-secret'),
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(verify.result.parse(JSON.parse(stdout))).toMatchObject({ valid: true });
    expect(stdout).not.toContain('local-webhook-secret');
  });
});

describe('a command at a deployed stage', { timeout: patienceMs }, () => {
  it('takes addresses and secrets from the stack, and says where it acts', async () => {
    await stack.project.write('body.txt', 'body');

    const { exitCode, stdout, stderr } = await atDeployed(
      'local',
      ...asTyped`verify body.txt --signature`,
      sign('body', 'local-webhook-secret'),
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Acting on stage local in us-east-1.\n' });
    expect(stdout).toContain('The signature holds.');
  });

  it('ends with 3 when there is no such stack, and names the command that makes one', async () => {
    const { exitCode, stdout, stderr } = await atDeployed('nowhere', ...register);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('There is no stack connectly-relay-nowhere in us-east-1');
    expect(stderr).toContain('npx serverless deploy --stage nowhere --region us-east-1');
  });

  it('ends with 2 before Connectly is asked when that could not reach the address', async () => {
    const address = ['--address', 'http://localhost:3000/webhooks'];

    const { exitCode, stderr } = await atDeployed('local', ...register, ...address);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('that Connectly can reach');
  });

  it('takes an empty AWS_REGION for none', async () => {
    const env = { AWS_ENDPOINT_URL: stack.state.awsUrl, ...keys, AWS_REGION: '' };

    const { stderr } = await stack.relayWith({ env }, ...register, '--stage', 'nowhere');

    expect(stderr).toContain('There is no stack connectly-relay-nowhere in us-east-1');
  });

  it('ends with 3 and names AWS_ENDPOINT_URL when that is no address', async () => {
    const env = { AWS_ENDPOINT_URL: 'garbage', ...keys };

    const { exitCode, stderr } = await stack.relayWith({ env }, ...register, '--stage', 'dev');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('AWS_ENDPOINT_URL is no address');
  });

  it.each([
    ['', 'There is none at all'],
    ['[default]\nregion = eu-west-1\n\n[profile work]\n[sso-session x]\n', 'There are default, work.'],
  ])('ends with 4 and names a profile that is not there, and those that are', async (config, others) => {
    await stack.project.write('.aws/config', config);

    const { exitCode, stderr } = await stack.relay(...register, '--stage', 'dev', '--profile', 'nope');

    expect(exitCode).toBe(4);
    expect(stderr).toContain('There is no AWS profile "nope"');
    expect(stderr).toContain(others);
  });

  it('names a profile in a command as a shell reads it', async () => {
    const profile = "it's; rm";

    const { stderr } = await stack.relay(...register, '--stage', 'dev', '--profile', profile);

    expect(stderr).toContain(String.raw`aws configure --profile 'it'\''s; rm'`);
  });

  it('ends with 3 when AWS does not answer', async () => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', ...keys };

    const { exitCode, stderr } = await stack.relayWith({ env }, ...register, '--stage', 'dev');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('ECONNREFUSED');
  });
});

describe('Ctrl-C', { timeout: patienceMs }, () => {
  let silent: ScriptedServer;

  beforeAll(async () => {
    silent = await startScriptedServer();
    silent.script(hang);
  });

  afterAll(() => silent.close());

  it('ends a command that waits for AWS with 130', async () => {
    const env = { AWS_ENDPOINT_URL: silent.url.href, ...keys };
    const waiting = startRelay({ env }, stack.project, ...register, '--stage', 'dev', '--json');
    await eventually('the request', () => silent.requests.length > 0);

    waiting.ctrlC();
    const { exitCode, stdout, stderr } = await waiting.ended;

    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'interrupted', message: 'Interrupted.' } });
  });
});
