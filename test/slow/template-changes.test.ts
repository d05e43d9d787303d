import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MappingEvent } from '../../local/aws/lambda/event-source-mapping.ts';
import { openCodeFolder } from '../../local/stack/code-folder.ts';
import { localVariables } from '../../local/stack/function-variables.ts';
import { startStack } from '../../local/stack/stack.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { descendantsOf } from '../support/relay-process.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

let project: ProjectCopy;
let original: string;
let queues: string;

beforeAll(async () => {
  project = await copyProject();
  original = await project.read('serverless.yml');
  queues = await project.read('resources/queues.yml');
});

afterEach(async () => {
  await project.write('serverless.yml', original);
  await project.write('resources/queues.yml', queues);
});

afterAll(() => project.remove());

const allowed = '+15550200001';
const others = Array.from({ length: 9 }, (_, index) => `+1555020001${index}`);
const templateTo = (to: string) => ({ type: 'template', to, templateName: 'order_ready' });

describe('A change in serverless.yml or resources/', { timeout: 2 * patienceMs }, () => {
  let stack: StackUnderTest;

  afterEach(() => stack.close());

  it('shows in the running stack', async () => {
    await project.edit(
      'serverless.yml',
      ['sendBatchSize: 1000', 'sendBatchSize: 4'],
      ['webhookPath: /webhooks', 'webhookPath: /hooks'],
      [/local:\n/, `local:\n    onlyTo: '${allowed}'\n`],
    );
    await project.edit(
      'resources/queues.yml',
      ['VisibilityTimeout: 361 # 6 x', 'VisibilityTimeout: 400 # 6 x'],
      ['maxReceiveCount: 250', 'maxReceiveCount: 7'],
      ['Resources:\n', 'Resources:\n  AuditQueue:\n    Type: AWS::SQS::Queue\n'],
    );
    const batches: number[] = [];

    stack = underTest(
      await startStack({
        projectRoot: project.root,
        onMapping: (event: MappingEvent) => {
          if (event.kind === 'batch') batches.push(event.messageIds.length);
        },
      }),
    );
    stack.mappings[0]?.pause();
    await stack.enqueueAll([allowed, ...others].map(templateTo));
    stack.mappings[0]?.resume();
    await eventually('Ten messages', () => batches.reduce((sum, size) => sum + size, 0) >= 10);
    const { origin } = new URL(stack.webhookUrl);
    const [renamed, old] = await Promise.all(
      ['/hooks', '/webhooks'].map((path) => fetch(origin + path, { method: 'POST', body: '{}' })),
    );

    const { attributes } = stack.queue('SendsQueue');
    expect(attributes['VisibilityTimeout']).toBe('400');
    expect(JSON.parse(attributes['RedrivePolicy'] ?? '')).toMatchObject({ maxReceiveCount: 7 });
    expect(stack.queue('AuditQueue').attributes).toMatchObject({ ApproximateNumberOfMessages: '0' });
    expect(Math.max(...batches)).toBe(4);
    expect(stack.webhookUrl).toBe(`${origin}/hooks`);
    expect([renamed?.status, old?.status]).toEqual([401, 404]);
    expect(stack.connectly.state().accepted.byRecipient).toEqual({ [allowed]: 1 });
    const letters = stack.messages('SendsDlq');
    expect(new Set(letters.map(({ body }) => JSON.parse(body).to))).toEqual(new Set(others));
    expect(new Set(letters.map((letter) => letter.attributes['error.code']))).toEqual(
      new Set(['recipient-not-allowed']),
    );
  });
});

function openServers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;
}

describe('The stack does not start', { timeout: 2 * patienceMs }, () => {
  it.each([
    [
      'with a variable that leads away from this machine',
      'serverless.yml',
      'LOG_LEVEL: ${param:logLevel}',
      '$&\n    METRICS: "http://127.0.0.1:1/ and https://metrics.example.com/in"',
      'The variable METRICS of connectly-relay-local-receive-webhook names https://metrics.example.com/in',
    ],
    [
      'with a resource that has no local part',
      'resources/queues.yml',
      'Resources:\n',
      'Resources:\n  Ordered:\n    Type: AWS::Kinesis::Stream\n',
      'Ordered: the local stack does not know AWS::Kinesis::Stream',
    ],
  ])('%s, says so, and leaves nothing running', async (_, file, search, to, problem) => {
    const before = openServers();
    await project.edit(file, [search, to]);

    const start = startStack({ projectRoot: project.root });

    await expect(start).rejects.toThrow(problem);
    await eventually('That every port is free again', () => openServers() === before);
    expect(await readdir(project.path('.relay/code'))).toEqual([]);
  });

  it('with a source that cannot be bundled, names it, and leaves nothing running', async () => {
    const source = await project.read('lib/errors.ts');
    await project.write('lib/errors.ts', `${source}\nconst = ;\n`);
    // Not in the cache: the command that packages it is under way when the bundling fails.
    await project.write('serverless.yml', `${original}# changed\n`);

    const start = startStack({ projectRoot: project.root });

    await expect(start).rejects.toThrow('lib/errors.ts:');
    expect(descendantsOf(process.pid, 'serverless')).toEqual([]);
    await project.write('lib/errors.ts', source);
    expect(await readdir(project.path('.relay/code'))).toEqual([]);
  });
});

const described = {
  logicalId: 'TheFunction',
  name: 'the-function',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:the-function',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  timeoutSeconds: 3,
  memoryMb: 128,
  reservedConcurrency: undefined,
  logFormat: 'Text',
};

function local(environment: Record<string, string>): Record<string, string> {
  return localVariables(
    { ...described, environment },
    { awsUrl: 'http://127.0.0.1:1', connectlyUrl: 'http://127.0.0.1:2' },
  );
}

describe('A variable of a function', () => {
  it.each([
    'https://sqs.us-east-1.amazonaws.com/123456789012/orders',
    'HTTPS://EXAMPLE.COM',
    'http://127.0.0.1.example.com/',
    'http://127.0.0.1@example.com/',
    'http://127.0.0.1:1/,http://example.com/',
    '{"url":"wss://example.com/in"}',
    'git+ssh://example.com',
  ])('that holds %s keeps the stack from starting', (value) => {
    expect(() => local({ ADDRESS: value })).toThrow('The variable ADDRESS of the-function names ');
  });

  it('may name this machine, and may be no address', () => {
    const environment = { ONE: 'http://localhost:3000/x', TWO: 'http://[::1]:1', THREE: 'a: //b', EMPTY: '' };

    const variables = local(environment);

    expect(variables).toMatchObject(environment);
  });

  it('that says where AWS or Connectly is gets the address of the stack', () => {
    const environment = {
      CONNECTLY_BASE_URL: 'https://api.connectly.ai',
      AWS_ENDPOINT_URL: 'https://example.com',
    };

    const variables = local(environment);

    expect(variables).toMatchObject({
      CONNECTLY_BASE_URL: 'http://127.0.0.1:2',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
  });

  it('that says where Connectly is stays away from a function that has none', () => {
    const variables = local({});

    expect(variables).not.toHaveProperty('CONNECTLY_BASE_URL');
  });
});

describe('The folder of a stack that was killed', () => {
  it('is removed by the next one, the folder of a running one is not', async () => {
    // No system has processes beyond this id.
    await project.write('.relay/code/4194305.killed/build/functions/old.cjs', '');
    const running = await openCodeFolder(project.root);

    const next = await openCodeFolder(project.root);

    const folders = (await readdir(project.path('.relay/code'))).map((name) =>
      project.path(`.relay/code/${name}`),
    );
    expect(folders.toSorted()).toEqual([running.path, next.path].toSorted());
    await Promise.all([running.close(), next.close()]);
  });
});
