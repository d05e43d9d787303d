import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildCommandLine } from '../../build.mjs';
import { bulk } from '../../cli/bulk/bulk.ts';
import { status } from '../../cli/status/status.ts';
import { type Journey, startStackHere, stateOf } from '../support/journey.ts';
import { listen } from '../support/listen.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { asTyped, type RelayOptions, type RunningRelay, relay } from '../support/relay-command.ts';
import { descendantsOf, noneRuns, spawnRelay } from '../support/relay-process.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

// The one file whose commands are processes: the bundle, exit codes, pipes, Ctrl-C. All others run the same code in theirs.

const escapeByte = '\u001b';

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
  const process = spawnRelay({}, project, ...args);
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

    const results = await Promise.all(Array.from({ length: 4 }, () => start('--version').ended));

    expect(results.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      results.map(() => ({ exitCode: 0, stderr: '' })),
    );
  });

  it('explains itself, without colours in a pipe, not even when forced', async () => {
    const { exitCode, stdout } = await spawnRelay({ env: { FORCE_COLOR: '3' } }, project, '--help').ended;

    expect(exitCode).toBe(0);
    for (const command of ['dev', 'demo', 'webhook']) expect(stdout).toContain(command);
    expect(stdout).not.toContain(escapeByte);
  });

  it('says what is wrong on stderr, with its exit code', async () => {
    const { exitCode, stdout, stderr } = await start('sing').ended;

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('sing');
  });
});

describe('a command whose answer never comes', { timeout: patienceMs }, () => {
  it('is no success', async () => {
    await start('--version').ended;
    const bundle = await project.read('build/cli/relay.mjs');
    await project.write('build/cli/relay.mjs', 'export const main = () => new Promise(() => {});');

    const { exitCode } = await start('status').ended;

    await project.write('build/cli/relay.mjs', bundle);
    expect(exitCode).toBe(1);
  });
});

describe('relay, while no local stack runs', { timeout: 2 * patienceMs }, () => {
  it.each([
    ['an unknown command', ['sing']],
    ['an unknown option', asTyped`webhook register --topic messages --loud`],
    ['a topic that is none', asTyped`webhook register --topic message`],
    ['a port that is none', ['dev', '--aws-port', '70000']],
    ['two places at once', asTyped`webhook register --topic messages --local --stage dev`],
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
    const typed = ['--json', 'webhook', 'register', '--topic', 'messages'];

    const { exitCode, stdout, stderr } = await relay(project, ...typed);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'no-local-stack', message: expect.stringContaining('npm start') },
    });
  });
});

describe('relay, while a local stack runs', { timeout: 2 * patienceMs }, () => {
  let stack: Journey;
  const type = (options: RelayOptions, ...args: string[]) => spawnRelay(options, stack.project, ...args);
  /** Causes webhooks until the command has told one. */
  async function firstLineOf(tailing: RunningRelay): Promise<void> {
    await eventually('the first line', async () => {
      await stack.fake('inbound', { from: '+16315555500', text: 'hello' });
      return tailing.stdout() !== '';
    });
  }
  /** Runs a line of bash, with the command line as its `$@`. It does not block this process, which runs the stack. */
  async function bash(line: string) {
    const relayIn = [process.execPath, stack.project.path('cli/relay.mjs')];
    const child = spawn('bash', ['-c', line, 'bash', ...relayIn], { cwd: stack.project.root });
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await ended;
    return { exitCode: child.exitCode, stdout, stderr };
  }

  beforeAll(async () => {
    stack = await startStackHere();
    // Bundles the command line, which a disk that takes no more would not take.
    await type({}, '--version').ended;
  });

  afterAll(() => stack.end());

  it.each(['http', '*'])(
    'shows no secret where Node tells all it does: NODE_DEBUG=%s',
    async (NODE_DEBUG) => {
      const { exitCode, stdout, stderr } = await type({ env: { NODE_DEBUG } }, 'webhook', 'status').ended;

      expect(exitCode).toBe(0);
      expect(stderr).toContain('HTTP');
      for (const secret of ['local-api-key', 'local-webhook-secret'])
        expect(stdout + stderr).not.toContain(secret);
    },
  );

  it('reads what is piped into it', async () => {
    const stdin = '{"text":"hello!"}';

    const { exitCode, stdout } = await type({ stdin }, ...asTyped`send session - --to +15555555555 --dry-run`)
      .ended;

    expect(exitCode).toBe(0);
    expect(stdout).toContain('hello!');
  });

  it('reads a file that is a pipe like stdin, with its files in the current folder', async () => {
    const { exitCode, stdout } = await bash(`exec "$@" bulk <(printf 'to,text\\n+16315550051,a\\n') --json`);

    expect(exitCode).toBe(0);
    expect(bulk.result.parse(JSON.parse(stdout))).toMatchObject({ queued: 1 });
    expect((await readdir(stack.project.root)).join()).toMatch(/bulk-[0-9a-f]{12}\.ledger/);
  });

  it('says what bulk has queued, and how to go on, when the disk takes no more', async () => {
    const recipients = Array.from({ length: 120 }, (_, index) => `+1631556${1000 + index}`);
    const rows = recipients.map((to) => `${to},Ana\n`).join('');
    await stack.project.write('full.csv', `to,body_1\n${rows}`);
    const { accepted: before } = await stack.seen(0);
    const command = ['bulk', stack.project.path('full.csv'), '--template', 'order_ready', '--json'];

    const begun = await bash(`ulimit -f 4 && exec "$@" ${command.join(' ')}`);
    const rest = await stack.relay(...command, '--resume');

    const [first, second] = [begun, rest].map(({ stdout }) => bulk.result.parse(JSON.parse(stdout)));
    expect(begun.exitCode).toBe(6);
    expect(JSON.parse(begun.stderr)).toMatchObject({
      error: { message: expect.stringMatching(/EFBIG.*relay bulk .*full\.csv --resume/) },
    });
    expect(first?.queued).toBeGreaterThan(0);
    expect(first?.left).toBe(120 - (first?.queued ?? 0));
    // What could not be recorded goes again, under the same id.
    expect(second?.queuedBefore).toBeLessThan(first?.queued ?? 0);
    expect(second).toMatchObject({ left: 0, failed: [] });
    // Its counts alone cost the fake nothing, which runs in this process.
    const wanted = before.count + recipients.length;
    await eventually('each row at Connectly', async () => (await stack.seen(0)).accepted.count >= wanted);
    const { newest } = (await stack.seen(200)).accepted;
    const reached = newest.map(({ recipient }) => recipient).filter((to) => recipients.includes(to ?? ''));
    expect(reached.toSorted()).toEqual(recipients);
  });

  // util-linux has the program that lends a terminal; a terminal shows what is typed unless it is told otherwise.
  it.skipIf(process.platform !== 'linux' || !existsSync('/usr/bin/script'))(
    'shows nothing of what is typed at any prompt of a terminal, and asks for the secret first',
    async () => {
      const typed = [
        process.execPath,
        stack.project.path('cli/relay.mjs'),
        'secrets',
        'set',
        'webhook-secrets',
      ];
      const child = spawn('/usr/bin/script', ['-qec', typed.join(' '), '/dev/null'], {
        cwd: stack.project.root,
        env: { PATH: process.env['PATH'], HOME: stack.project.root },
      });
      const ended = once(child, 'close');
      let shown = '';
      child.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString();
      });

      await eventually('the hidden prompt', () => shown.includes('Webhook secret: '));
      child.stdin.write('canary-secret \r');
      await eventually('the question', () => shown.includes('[y/N] '));
      child.stdin.write('canary-pasted-again\r');
      await ended;

      expect(child.exitCode).toBe(130);
      expect(shown).toContain('Taken off around what was entered: blank space.');
      expect(shown).toContain('Nothing was done.');
      expect(shown).not.toContain('canary');
    },
  );

  it('goes on until Ctrl-C, and ends with 130', async () => {
    const tailing = type({}, 'tail', '--only', 'webhooks', '--json');
    await firstLineOf(tailing);

    tailing.ctrlC();
    const { exitCode, stderr } = await tailing.ended;

    expect(exitCode).toBe(130);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'interrupted' } });
  });

  it('ends with 0 once nobody reads what goes on', async () => {
    const tailing = type({}, 'tail', '--only', 'webhooks', '--json');
    await firstLineOf(tailing);

    tailing.stopReading();
    await stack.fake('inbound', { from: '+16315555500', text: 'hello' });

    expect(await tailing.ended).toMatchObject({ exitCode: 0 });
  });

  it('does its work to the end though nobody reads its words', async () => {
    onTestFinished(async () => {
      await stack.relay('resume');
    });
    const pausing = type({}, 'pause', '--local', '--no-wait');
    pausing.stopReading();

    const { exitCode } = await pausing.ended;

    const { stdout } = await stack.relay('status', '--json', '--no-webhooks');
    expect(exitCode).toBe(0);
    expect(status.result.parse(JSON.parse(stdout))).toMatchObject({ sending: 'Disabled' });
  });

  it('ends with its own code though nobody reads its words', async () => {
    const refused = type({}, 'explain', 'no-such-code');
    refused.stopReading();

    expect(await refused.ended).toMatchObject({ exitCode: 2 });
  });
});

describe('relay dev, on a port that is taken', { timeout: 2 * patienceMs }, () => {
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    server = createServer();
    port = await listen(server);
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
