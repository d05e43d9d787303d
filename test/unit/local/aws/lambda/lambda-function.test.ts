import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createFunctionWorkshop, stillRuns } from '../../../../support/lambda-functions.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const workshop = createFunctionWorkshop();

afterEach(() => workshop.removeAll());

const answersItsProcess = 'exports.handler = async () => process.pid;';
/** Answers its process id once the event's file exists: the test decides when. */
const answersWhenFileExists = `
  const { existsSync, writeFileSync } = require('node:fs');
  exports.handler = async ({ started, finish }) => {
    if (started) writeFileSync(started, '');
    while (!existsSync(finish)) await new Promise((resolve) => setTimeout(resolve, 5));
    return process.pid;
  };`;

/** A child that has ended exists until this process has taken notice, which the function under test does then, too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => void setTimeout(resolve, 5));
}

const chattyLines = (event: string) => [
  `part one, part two of ${event}`,
  'second line ✓',
  ...Array.from({ length: 500 }, (_, n) => `${event} ${n} ${'y'.repeat(100)}`),
  `last of ${event}`,
];

describe('one invocation', () => {
  it('answers with what the handler returned, and gives it the context of Lambda', async () => {
    const underTest = await workshop.make(`
      exports.handler = async (event, context) => ({
        event,
        requestId: context.awsRequestId,
        functionName: context.functionName,
        arn: context.invokedFunctionArn,
        memory: context.memoryLimitInMB,
        remaining: context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 30_000,
      });`);

    const invocation = await underTest.invoke({ text: 'a 🙂 — b' });

    expect(invocation).toMatchObject({
      kind: 'success',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    if (invocation.kind !== 'success') throw new Error(invocation.kind);
    expect(JSON.parse(invocation.payload)).toEqual({
      event: { text: 'a 🙂 — b' },
      requestId: invocation.requestId,
      functionName: 'under-test',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:under-test',
      memory: '256',
      remaining: true,
    });
  });

  it('answers null for a handler that returns nothing', async () => {
    const underTest = await workshop.make('exports.handler = async () => {};');

    const invocation = await underTest.invoke({});

    expect(invocation).toMatchObject({ kind: 'success', payload: 'null' });
  });

  it('reports what a handler throws, and goes on in the same process', async () => {
    const underTest = await workshop.make(`
      exports.handler = async (event) => {
        if (event === 'fail') throw new RangeError('too far');
        return process.pid;
      };`);

    const before = await underTest.invoke('pid');
    const failed = await underTest.invoke('fail');
    const after = await underTest.invoke('pid');

    expect(failed).toMatchObject({
      kind: 'function-error',
      errorType: 'RangeError',
      errorMessage: 'too far',
      trace: expect.arrayContaining(['RangeError: too far']),
    });
    expect(after).toMatchObject({
      kind: 'success',
      payload: before.kind === 'success' ? before.payload : '',
    });
  });

  it.each([
    ['a handler that ends the process', 'exports.handler = async () => process.exit(7);', 7, 'exit status 7'],
    [
      'a handler that waits for something that can never happen',
      'exports.handler = () => new Promise(() => {});',
      0,
      'Runtime exited without providing a reason',
    ],
    [
      'an error outside of the handler’s promise',
      "exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 1));",
      1,
      'exit status 1',
    ],
  ])(
    'reports %s as an exit, and starts a new process for the next one',
    async (_, source, exitCode, message) => {
      const underTest = await workshop.make(source);

      const invocation = await underTest.invoke({});
      await underTest.replaceCode(answersItsProcess);
      const next = await underTest.invoke({});

      expect(invocation).toMatchObject({
        kind: 'exit',
        exitCode,
        errorMessage: expect.stringContaining(message),
      });
      expect(next.kind).toBe('success');
    },
  );

  it.each([
    ['syntax', 'exports.handler = (', 'Runtime.UserCodeSyntaxError'],
    ['no handler', 'exports.other = 1;', 'Runtime.HandlerNotFound'],
    ['a throw while loading', "throw new TypeError('no config');", 'TypeError'],
    [
      'a callback',
      'exports.handler = (event, context, callback) => callback();',
      'Runtime.CallbackHandlerDeprecated',
    ],
    ['an exit while loading', 'process.exit(3);', 'Runtime.ExitError'],
  ])('reports code that cannot be loaded (%s) as an init error', async (_, source, errorType) => {
    const underTest = await workshop.make(source);

    const invocation = await underTest.invoke({});

    expect(invocation).toMatchObject({ kind: 'init-error', errorType });
  });

  it('reports a Node.js that cannot be started as an init error', async () => {
    const underTest = await workshop.make(answersItsProcess, { nodeBinary: '/nonexistent/node' });

    const invocation = await underTest.invoke({});

    expect(invocation).toMatchObject({ kind: 'init-error', errorMessage: expect.stringContaining('ENOENT') });
  });

  it.each([
    [
      'waits',
      'exports.handler = async () => { console.log(process.pid); await new Promise((r) => setTimeout(r, 1e8)); };',
    ],
    ['never yields', 'exports.handler = async () => { console.log(process.pid); for (;;); };'],
  ])('kills a process that exceeds its time limit and %s', async (_, source) => {
    const clock = createVirtualClock();
    const underTest = await workshop.make(source, { timeoutSeconds: 3, clock });

    const running = underTest.invoke({});
    await eventually(() => underTest.lines.length > 0);
    await clock.advance(2_999);
    const before = await Promise.race([running, Promise.resolve('still running')]);
    await clock.advance(1);
    const invocation = await running;

    const pid = Number(underTest.lines[0]?.line.split('\t').at(-1));
    expect(before).toBe('still running');
    expect(invocation).toMatchObject({ kind: 'timeout', errorMessage: 'Task timed out after 3.00 seconds' });
    expect(isAlive(pid)).toBe(false);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('gives up on code that does not load in 10 seconds', async () => {
    const clock = createVirtualClock();
    const underTest = await workshop.make('process.stdout.write("loading\\n"); for (;;);', { clock });

    const running = underTest.invoke({});
    await eventually(() => underTest.lines.length > 0);
    await clock.advance(10_000);
    const invocation = await running;

    expect(invocation).toMatchObject({ kind: 'init-error', errorType: 'Sandbox.Timedout' });
  });
});

describe('payload limits', () => {
  const limit = 6 * 1024 * 1024;

  it('takes a request and a response of exactly 6 MB', async () => {
    const underTest = await workshop.make('exports.handler = async (event) => event;');
    const event = 'x'.repeat(limit - 2);

    const invocation = await underTest.invoke(event);

    expect(invocation.kind === 'success' && invocation.payload.length).toBe(limit);
  });

  it('refuses a longer request without invoking', async () => {
    const underTest = await workshop.make('exports.handler = async () => 1;');

    const invocation = await underTest.invoke('x'.repeat(limit - 1));

    expect(invocation).toMatchObject({ kind: 'function-error', errorType: 'RequestEntityTooLargeException' });
    expect(underTest.reports).toEqual([]);
  });

  it('turns a longer response into a function error', async () => {
    const underTest = await workshop.make(`exports.handler = async () => 'x'.repeat(${limit - 1});`);

    const invocation = await underTest.invoke({});

    expect(invocation).toMatchObject({ kind: 'function-error', errorType: 'Function.ResponseSizeTooLarge' });
  });
});

describe('processes', () => {
  it('are used again while idle', async () => {
    const underTest = await workshop.make(answersItsProcess, { maximumConcurrency: 3 });

    const first = await underTest.invoke({});
    const second = await underTest.invoke({});

    expect(second).toMatchObject({ payload: first.kind === 'success' ? first.payload : '' });
  });

  it('run one invocation each, as many as there are at once, and no more than allowed', async () => {
    const underTest = await workshop.make(answersWhenFileExists, { maximumConcurrency: 2 });
    const finish = `${underTest.codeDirectory}/finish`;
    const started = ['a', 'b', 'c'].map((name) => `${underTest.codeDirectory}/${name}`);

    const running = started.map((file) => underTest.invoke({ started: file, finish }));
    await eventually(() => started.slice(0, 2).every((file) => existsSync(file)));
    const thirdHasStarted = existsSync(started[2] ?? '');
    await writeFile(finish, '');
    const pids = (await Promise.all(running)).map((each) => each.kind === 'success' && each.payload);

    expect(thirdHasStarted).toBe(false);
    expect(new Set(pids).size).toBe(2);
  });

  it('are handed out in the order of the invocations that wait', async () => {
    const underTest = await workshop.make('exports.handler = async (event) => event;');
    const order: unknown[] = [];

    await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (event) => {
        await underTest.invoke(event);
        order.push(event);
      }),
    );

    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are not used by an invocation that was aborted while it waited', async () => {
    const underTest = await workshop.make('exports.handler = async (event) => { console.log(event); };');
    const abort = new AbortController();

    const first = underTest.invoke('first');
    const second = underTest.invoke('second', { signal: abort.signal });
    abort.abort(new Error('no longer wanted'));

    await expect(second).rejects.toThrow('no longer wanted');
    await expect(underTest.invoke('third', { signal: abort.signal })).rejects.toThrow('no longer wanted');
    expect((await first).kind).toBe('success');
    expect(underTest.lines.map(({ line }) => line.split('\t').at(-1))).toEqual(['first']);
  });

  it('that died while idle are replaced, and no invocation notices', async () => {
    const underTest = await workshop.make(answersItsProcess);

    const first = await underTest.invoke({});
    const pid = first.kind === 'success' ? Number(first.payload) : 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => !isAlive(pid));
    await new Promise((resolve) => void setImmediate(resolve));
    const second = await underTest.invoke({});

    expect(second.kind).toBe('success');
    expect(second).not.toMatchObject({ payload: String(pid) });
  });
});

describe('what a handler starts', () => {
  it.each([
    ['exits', 'process.exit(1);', 'exit'],
    ['is killed', "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", 'exit'],
  ])('ends with its process when that %s', async (_, end, kind) => {
    const underTest = await workshop.make(`
      const { spawn } = require('node:child_process');
      exports.handler = async () => {
        process.stdout.write(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid + '\\n');
        ${end}
      };`);

    const invocation = await underTest.invoke({});

    await eventually(() => underTest.lines.length > 0);
    const pid = Number(underTest.lines[0]?.line);
    expect(invocation.kind).toBe(kind);
    await eventually(() => !stillRuns(pid));
  });
});

describe('restart', () => {
  it('lets a running invocation finish on the old code and starts later ones on the new', async () => {
    const underTest = await workshop.make(answersWhenFileExists);
    const started = `${underTest.codeDirectory}/started`;
    const finish = `${underTest.codeDirectory}/finish`;

    const old = underTest.invoke({ started, finish });
    await eventually(() => existsSync(started));
    await underTest.replaceCode("exports.handler = async () => 'new code';");
    underTest.restart();
    const next = await underTest.invoke({});
    await writeFile(finish, '');
    const finished = await old;

    expect(next).toMatchObject({ kind: 'success', payload: '"new code"' });
    expect(finished).toMatchObject({ kind: 'success', payload: expect.stringMatching(/^\d+$/) });
    const oldPid = finished.kind === 'success' ? Number(finished.payload) : 0;
    await eventually(() => !isAlive(oldPid));
  });

  it('ends idle processes', async () => {
    const underTest = await workshop.make(answersItsProcess);

    const before = await underTest.invoke({});
    underTest.restart();
    const after = await underTest.invoke({});

    const pid = before.kind === 'success' ? Number(before.payload) : 0;
    expect(after.kind).toBe('success');
    expect(after).not.toEqual(expect.objectContaining({ payload: String(pid) }));
    await eventually(() => !isAlive(pid));
  });
});

describe('close', () => {
  it('ends running invocations as an exit, waiting ones with an error, and leaves no process', async () => {
    const underTest = await workshop.make(answersWhenFileExists);
    const started = `${underTest.codeDirectory}/started`;

    const running = underTest.invoke({ started, finish: '/nonexistent' });
    await eventually(() => existsSync(started));
    const waiting = underTest.invoke({});
    const refusal = expect(waiting).rejects.toThrow('under-test is closed');
    await underTest.close();

    expect(await running).toMatchObject({ kind: 'exit', signal: 'SIGKILL' });
    await refusal;
    await expect(underTest.invoke({})).rejects.toThrow('under-test is closed');
  });

  it('also ends a process that is only starting', async () => {
    const underTest = await workshop.make(answersItsProcess);

    const waiting = underTest.invoke({});
    const refusal = expect(waiting).rejects.toThrow('under-test is closed');
    await underTest.close();

    await refusal;
    expect(underTest.reports).toEqual([]);
  });
});

describe('the output', () => {
  it('comes in complete lines, each with its own request, whatever the stream does', async () => {
    const underTest = await workshop.make(`
      exports.handler = async (event) => {
        process.stdout.write('part one, ');
        await new Promise((resolve) => setTimeout(resolve, 1));
        process.stdout.write('part two of ' + event + '\\nsecond line ✓\\n');
        for (let n = 0; n < 500; n += 1) process.stderr.write(event + ' ' + n + ' ' + 'y'.repeat(100) + '\\n');
        process.stdout.write('last of ' + event + '\\n');
      };`);

    const a = await underTest.invoke('a');
    const b = await underTest.invoke('b');

    const linesOf = (invocation: typeof a) =>
      underTest.lines
        .filter(({ requestId }) => 'requestId' in invocation && requestId === invocation.requestId)
        .map(({ line }) => line);
    expect(linesOf(a).toSorted()).toEqual(chattyLines('a').toSorted());
    expect(linesOf(b).toSorted()).toEqual(chattyLines('b').toSorted());
    expect(underTest.lines).toHaveLength(2 * 503);
  });

  it('ends with a report for each invocation, with the start of the process in the first', async () => {
    const underTest = await workshop.make(
      'exports.handler = async (event) => { if (event) throw new Error("no"); };',
    );

    await underTest.invoke(0);
    await underTest.invoke(1);

    expect(underTest.reports).toEqual([
      {
        status: 'success',
        durationMs: expect.any(Number),
        billedDurationMs: expect.any(Number),
        memoryMb: 256,
        initDurationMs: expect.any(Number),
      },
      {
        status: 'function-error',
        durationMs: expect.any(Number),
        billedDurationMs: expect.any(Number),
        memoryMb: 256,
        errorMessage: 'no',
      },
    ]);
  });
});
