import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommandLine } from '../../build.mjs';
import { stateOf } from '../support/journey.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { type RunningRelay, relay, startRelay } from '../support/relay-command.ts';
import { descendantsOf, noneRuns } from '../support/relay-process.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

let project: ProjectCopy;
const started: RunningRelay[] = [];

beforeAll(async () => {
  project = await copyProject();
});

afterAll(async () => {
  for (const each of started) each.signal('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  await project.remove();
});

function start(...args: string[]): RunningRelay {
  const process = startRelay(project, ...args);
  started.push(process);
  return process;
}

describe('the command line, when it is built', { timeout: 2 * patienceMs }, () => {
  it('minds no file that another build has just renamed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'relay-build-'));
    await mkdir(join(directory, 'chunks'));
    // Is listed, and is not there.
    await symlink('nowhere', join(directory, 'chunks/other.mjs.1-2.tmp'));

    const { outputs } = await buildCommandLine(directory);

    await rm(directory, { recursive: true });
    expect(Object.keys(outputs).length).toBeGreaterThan(20);
  });

  it('runs from several commands at once that all find it missing', async () => {
    await rm(project.path('build/cli'), { recursive: true, force: true });

    const results = await Promise.all(Array.from({ length: 4 }, () => relay(project, '--version')));

    expect(results.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      results.map(() => ({ exitCode: 0, stderr: '' })),
    );
  });
});

describe('a command whose answer never comes', { timeout: patienceMs }, () => {
  it('is no success', async () => {
    await relay(project, '--version');
    const bundle = await project.read('build/cli/relay.mjs');
    await project.write('build/cli/relay.mjs', 'export const main = () => new Promise(() => {});');

    const { exitCode } = await relay(project, 'status');

    await project.write('build/cli/relay.mjs', bundle);
    expect(exitCode).toBe(1);
  });
});

describe('relay, while no local stack runs', { timeout: 2 * patienceMs }, () => {
  it('explains itself', async () => {
    const { exitCode, stdout } = await relay(project, '--help');

    expect(exitCode).toBe(0);
    for (const command of ['dev', 'demo', 'webhook']) expect(stdout).toContain(command);
  });

  it.each([
    ['an unknown command', ['sing']],
    ['an unknown option', ['webhook', 'register', '--topic', 'messages', '--loud']],
    ['a topic that is none', ['webhook', 'register', '--topic', 'message']],
    ['a port that is none', ['dev', '--aws-port', '70000']],
    ['two places at once', ['webhook', 'register', '--topic', 'messages', '--local', '--stage', 'dev']],
  ])('ends with 2 on %s', async (_, args) => {
    const { exitCode, stdout, stderr } = await relay(project, ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('ends with 3 and names the command that starts a stack', async () => {
    const { exitCode, stderr } = await relay(project, 'webhook', 'register', '--topic', 'messages');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('npm start');
  });

  it('says the same as JSON', async () => {
    const { exitCode, stdout, stderr } = await relay(
      project,
      '--json',
      'webhook',
      'register',
      '--topic',
      'messages',
    );

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'no-local-stack', message: expect.stringContaining('npm start') },
    });
  });
});

describe('relay dev, on a port that is taken', { timeout: 2 * patienceMs }, () => {
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(['--aws-port', '--webhook-port', '--connectly-port'])(
    'names the port and %s, and leaves nothing behind',
    async (option) => {
      const { exitCode, stderr } = await relay(project, 'dev', option, String(port));

      expect(exitCode).toBe(3);
      expect(stderr).toContain(`The port ${port} `);
      expect(stderr).toContain(option);
      expect(existsSync(project.path('.relay/local.json'))).toBe(false);
      expect(await readdir(project.path('.relay/code'))).toEqual([]);
    },
  );
});

describe('relay dev, after the last one was killed', { timeout: 3 * patienceMs }, () => {
  it('starts all the same, with nothing of the last one left running', async () => {
    const killed = start('dev');
    await killed.says('Ready after');
    const { webhookUrl } = await stateOf(project);
    await fetch(webhookUrl, { method: 'POST', body: '{}' });
    const children = descendantsOf(killed.pid);
    killed.signal('SIGKILL');
    await killed.ended;
    await eventually('the end of the functions', () => noneRuns(children));
    // Its process id may be another program's by now.
    const stale = { ...JSON.parse(await project.read('.relay/local.json')), pid: process.pid };
    await project.write('.relay/local.json', JSON.stringify(stale));

    const next = start('dev', '--json');
    await next.says('"webhookUrl"');

    expect(children.length).toBeGreaterThan(0);
    expect((await stateOf(project)).pid).toBe(next.pid);
    expect(JSON.parse(next.stdout())).toEqual({
      awsUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      webhookUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/webhooks$/),
      connectlyUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      outputs: expect.objectContaining({ SendsQueueUrl: expect.any(String) }),
    });
    expect(next.stderr()).toBe('');
    expect(await readdir(project.path('.relay/code'))).toHaveLength(1);
    next.signal('SIGTERM');
    expect((await next.ended).exitCode).toBe(0);
  });
});

describe('relay dev, at Ctrl-C before it is ready', { timeout: 2 * patienceMs }, () => {
  it('ends with 0 and leaves nothing behind', async () => {
    // Not in the cache: the command that packages it runs, and gets the signal, too.
    const original = await project.read('serverless.yml');
    await project.write('serverless.yml', `${original}# changed\n`);
    const dev = start('dev');
    await dev.says('Packaging serverless.yml');
    const children = descendantsOf(dev.pid);

    dev.ctrlC();
    const { exitCode, stdout, stderr } = await dev.ended;

    await project.write('serverless.yml', original);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).not.toContain('failed');
    await eventually('the end of its processes', () => noneRuns(children));
    expect(existsSync(project.path('.relay/local.json'))).toBe(false);
    expect(await readdir(project.path('.relay/code'))).toEqual([]);
  });
});

describe('relay demo', { timeout: 2 * patienceMs }, () => {
  it('tells the story and ends with 0', async () => {
    const { exitCode, stdout } = await relay(project, 'demo');

    expect(stdout).toContain('each once.');
    expect(exitCode).toBe(0);
  });

  it('ends with 1 and names the step when serverless.yml is broken', async () => {
    const original = await project.read('serverless.yml');
    await project.edit('serverless.yml', ['functions:', 'functions: [']);

    const { exitCode, stderr } = await relay(project, 'demo');
    await project.write('serverless.yml', original);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('failed at the step "start the stack"');
    expect(stderr).toContain('serverless.yml');
  });
});
