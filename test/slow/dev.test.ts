import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
import { stateOf } from '../support/journey.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { type RunningRelay, relay } from '../support/relay-command.ts';
import { descendantsOf, noneRuns, spawnRelay } from '../support/relay-process.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

const run = promisify(execFile);

let project: ProjectCopy;
let dev: RunningRelay;

beforeAll(async () => {
  project = await copyProject();
  dev = spawnRelay({}, project, 'dev');
  await dev.says('Ready after');
}, patienceMs);

afterAll(async () => {
  dev.signal('SIGKILL');
  await dev.ended;
  await project.remove();
});

/** Sends a signed webhook and resolves to the answer's text. */
async function answerToWebhook(): Promise<string> {
  const { webhookUrl } = await stateOf(project);
  const body = '{"message":{"text":"hello"}}';
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', [signatureHeader]: sign(body, 'local-webhook-secret') },
    body,
  });
  return response.text();
}

const forClient = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

async function putApiKey(value: string): Promise<void> {
  const { awsUrl, outputs } = await stateOf(project);
  const client = new SecretsManagerClient({ endpoint: awsUrl, ...forClient });
  await client.send(new PutSecretValueCommand({ SecretId: outputs['ApiKeySecretArn'], SecretString: value }));
  client.destroy();
}

/** Runs the command with another value in the API key secret, and puts the usual one back. */
async function registerWithApiKey(value: string, ...options: string[]) {
  await putApiKey(value);
  try {
    return await relay(project, 'webhook', 'register', '--topic', 'messages', ...options);
  } finally {
    await putApiKey('local-api-key');
  }
}

describe('relay dev, once it is ready', { timeout: 2 * patienceMs }, () => {
  it('has printed one block, whose curl is answered 200', async () => {
    const printed = dev.stdout();

    const curl = /^ *(curl .*)$/m.exec(printed)?.[1] ?? '';
    const { stdout } = await run('bash', ['-c', curl]);

    expect(printed.match(/Ready after/g)).toHaveLength(1);
    expect(printed.match(/^ *AWS_ACCESS_KEY_ID=\S+ AWS_SECRET_ACCESS_KEY=\S+ aws sqs /gm)).toHaveLength(4);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('has printed what a second terminal can paste: three commands of relay, and the address that the docs call $FAKE', async () => {
    const printed = dev.stdout();
    const { connectlyUrl } = await stateOf(project);
    const commands = Array.from(printed.matchAll(/^ *npx relay (.*)$/gm), ([, typed = '']) =>
      Array.from(typed.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word),
    );

    const [sent, tailed, shown] = await Promise.all(
      commands.map((words) => relay(project, ...words, ...(words[0] === 'tail' ? ['--no-follow'] : []))),
    );

    expect(commands.map(([name]) => name)).toEqual(['send', 'tail', 'status']);
    expect([sent, tailed, shown].map((result) => result?.exitCode)).toEqual([0, 0, 0]);
    expect(sent?.stdout).toContain('read');
    expect(printed).toContain(`  export FAKE=${connectlyUrl}\n`);
  });

  it('tells other commands where it is', async () => {
    const state = await stateOf(project);

    expect(state.pid).toBe(dev.pid);
    for (const url of [state.awsUrl, state.connectlyUrl, state.webhookUrl])
      expect(dev.stdout()).toContain(url);
    expect(state.outputs['WebhookUrl']).toBe(state.webhookUrl);
  });

  it('is the only one in its folder', async () => {
    const { exitCode, stderr } = await relay(project, 'dev');

    expect(exitCode).toBe(3);
    expect(stderr).toContain(`process ${dev.pid}`);
    expect((await stateOf(project)).pid).toBe(dev.pid);
  });
});

const elsewhere = 'http://127.0.0.1:9/x';
const register = (...options: string[]) =>
  relay(project, '--json', 'webhook', 'register', '--topic', 'messages', ...options);

describe('relay webhook register', { timeout: 2 * patienceMs }, () => {
  it('registers a new topic, and says so in words', async () => {
    const options = ['--topic', 'report', '--address', elsewhere];

    const { exitCode, stdout, stderr } = await relay(project, 'webhook', 'register', ...options);

    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Registered: topic "report" now points to ${elsewhere}\n`);
    expect(stderr).toBe('Acting on the local stack.\n');
  });

  it('ends with 2 for an address that Connectly cannot reach', async () => {
    const { exitCode, stderr } = await register('--address', 'http://example.com/webhooks');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('https');
  });

  it('ends with 4 for a business that the secret has no key for', async () => {
    const { exitCode, stderr } = await registerWithApiKey('{"another":"key"}', '--business', 'unknown');

    expect(exitCode).toBe(4);
    expect(stderr).toContain('--business');
  });

  it('ends with 4 for a key that Connectly does not know', async () => {
    const { exitCode, stderr } = await registerWithApiKey('not-the-key');

    expect(exitCode).toBe(4);
    expect(stderr).not.toContain('not-the-key');
  });

  it('ends with 5 when Connectly refuses, and quotes its trace id', async () => {
    const { connectlyUrl } = await stateOf(project);
    await fetch(`${connectlyUrl}/_fake/faults`, {
      method: 'POST',
      body: JSON.stringify({
        kind: 'answer',
        code: 'ERROR_CODE_BUSINESS_MISSES_MATCHING_CHANNEL',
        match: { endpoint: 'webhooks' },
      }),
    });

    const { exitCode, stderr } = await relay(project, 'webhook', 'register', '--topic', 'report');

    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/trace id: \d+/);
  });
});

/** Resolves once webhooks are answered with this. */
const live = (text: string) =>
  eventually(`the answer "${text}"`, async () => (await answerToWebhook()) === `{"message":"${text}"}`);

/** As many editors do: a new file takes the place of the old one. */
async function replace(file: string, search: string, to: string): Promise<void> {
  const text = (await project.read(file)).replace(search, to);
  await project.write(`${file}.swp`, text);
  await rename(project.path(`${file}.swp`), project.path(file));
}

describe('relay dev, while its sources change', { timeout: 3 * patienceMs }, () => {
  const source = 'lib/webhook/answer.ts';

  it('runs the new code without a restart, however it was saved', async () => {
    await project.edit(source, ["'Queued'", "'Written'"]);
    await live('Written');
    await replace(source, "'Written'", "'Replaced'");
    await live('Replaced');
    await replace(source, "'Replaced'", "'Replaced again'");
    await live('Replaced again');

    expect(dev.stdout().match(/Ready after/g)).toHaveLength(1);
  });

  it('sees files in folders that are new', async () => {
    await project.write('lib/webhook/wording/queued.ts', "export const queued = 'From a new file';\n");
    await project.edit(source, [/200: '.*'/, '200: queued']);
    const text = await project.read(source);
    await project.write(source, `import { queued } from './wording/queued.ts';\n${text}`);
    await live('From a new file');

    await project.edit('lib/webhook/wording/queued.ts', ['From a new file', 'From a changed file']);

    await live('From a changed file');
  });

  it('keeps the old code running while a source cannot be bundled, and says so', async () => {
    const before = await answerToWebhook();
    const original = await project.read(source);

    await project.write(source, `${original}\nconst = ;\n`);
    await dev.says('the old code goes on running');
    const meanwhile = await answerToWebhook();
    await project.write(source, original.replace('200: queued', "200: 'Mended'"));
    await live('Mended');

    expect(meanwhile).toBe(before);
    expect(dev.stderr()).toContain(`${source}:`);
  });

  it('starts again on the same ports when serverless.yml changes', async () => {
    const before = await stateOf(project);

    await project.edit('serverless.yml', ['webhookPath: /webhooks', 'webhookPath: /hooks']);
    await dev.says('Ready after', 2);

    const after = await stateOf(project);
    expect(after).toMatchObject({ pid: dev.pid, awsUrl: before.awsUrl, connectlyUrl: before.connectlyUrl });
    expect(after.webhookUrl).toBe(before.webhookUrl.replace('/webhooks', '/hooks'));
    expect(await answerToWebhook()).toBe('{"message":"Mended"}');
  });

  it('goes on as it is while serverless.yml cannot be packaged, and when it is as it was again', async () => {
    const original = await project.read('serverless.yml');

    await project.write('serverless.yml', original.replace('functions:', 'functions: ['));
    await dev.says('the old one goes on');
    const meanwhile = await answerToWebhook();
    await project.write('serverless.yml', original);

    expect(meanwhile).toBe('{"message":"Mended"}');
  });

  it('waits for a mended serverless.yml when the stack cannot be built from it', async () => {
    const original = await project.read('serverless.yml');

    await project.write(
      'serverless.yml',
      original.replace('LOG_LEVEL:', 'HOME_PAGE: https://example.com\n    $&'),
    );
    await dev.says('Nothing runs until serverless.yml is mended');
    const stateFileStayed = existsSync(project.path('.relay/local.json'));
    await project.write('serverless.yml', original);
    await dev.says('Ready after', 3);

    // Once at first, once for each real change: not for a file that was saved as it was.
    expect(dev.stdout().match(/Ready after/g)).toHaveLength(3);
    expect(dev.stderr()).toContain('The variable HOME_PAGE of connectly-relay-local-receive-webhook');
    expect(stateFileStayed).toBe(false);
    expect(await answerToWebhook()).toBe('{"message":"Mended"}');
  });
});

describe('relay dev, at Ctrl-C', { timeout: 2 * patienceMs }, () => {
  it('ends with 0 at once, even amid a send, and leaves nothing behind', async () => {
    const { awsUrl, connectlyUrl, outputs } = await stateOf(project);
    await fetch(`${connectlyUrl}/_fake/faults`, { method: 'POST', body: '{"kind":"hang","times":"always"}' });
    const client = new SQSClient({ endpoint: awsUrl, ...forClient });
    const MessageBody = '{"type":"text","to":"+15555555555","text":"hello!"}';
    await client.send(new SendMessageCommand({ QueueUrl: outputs['SendsQueueUrl'], MessageBody }));
    client.destroy();
    await eventually('the request at Connectly', async () => {
      const faults = await fetch(`${connectlyUrl}/_fake/state`);
      return (await faults.text()).includes('"hang":{');
    });
    const children = descendantsOf(dev.pid);

    dev.ctrlC();
    const { exitCode } = await dev.ended;

    expect(exitCode).toBe(0);
    expect(children.length).toBeGreaterThan(0);
    await eventually('the end of its processes', () => noneRuns(children));
    expect(existsSync(project.path('.relay/local.json'))).toBe(false);
    expect(await readdir(project.path('.relay/code'))).toEqual([]);
  });
});
