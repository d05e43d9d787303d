import { RelayError } from '../../lib/errors.ts';
import { cacheKey } from '../template/cache-key.ts';
import { packagedTemplate } from '../template/package.ts';
import { accessLine, functionLine, line, mappingLine } from './log-lines.ts';
import type { StackOptions } from './options.ts';
import { type Stack, startStack } from './stack.ts';
import { readState, removeState, writeState } from './state-file.ts';
import { watchSources } from './watch-sources.ts';
import { sampleCustomer, welcome } from './welcome.ts';

export interface DevOptions extends Pick<StackOptions, 'projectRoot' | 'ports' | 'env'> {
  /** Points the fake Connectly at the stack's webhook: with the code of the command line, which is above this one. */
  readonly register: (stack: Stack) => Promise<unknown>;
  /** Takes a line for people, without its line feed. */
  readonly say: (text: string) => void;
  /** Takes the stack whenever it is ready: at first, and after each change of serverless.yml. */
  readonly onReady: (stack: Stack, welcomeText: string, startedInSeconds: number) => void;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/**
 * Runs the local stack until the signal comes: fills its secrets, registers its webhook at the fake Connectly, and
 * takes over changes of the sources. Rejects when it cannot start, or when one runs here already.
 */
export async function runDev({ ports, signal, ...options }: DevOptions): Promise<void> {
  const { projectRoot, say } = options;
  const other = await readState(projectRoot);
  if (other !== undefined) {
    throw new RelayError(
      'already-running',
      `A local stack runs here already (process ${other.pid}, ${other.webhookUrl}). Stop that one first.`,
    );
  }
  const starting = startAndTell({ ...options, ports });
  let current = starting;
  const then = (change: (running: Running) => Promise<Running>) => {
    current = current.then(change);
    // Whoever waits for the last one hears of it.
    current.catch(() => {});
  };
  // From the beginning: a change that comes while the stack starts may be too late for it.
  const stopWatching = watchSources(projectRoot, {
    onCode: () => then((running) => reload(running, say)),
    onTemplate: () => then((running) => restart(running, options)),
  });
  try {
    await starting;
    await aborted(signal);
  } catch (error) {
    // Ctrl-C reaches the command that packages the template, too.
    if (signal.aborted) return;
    throw error;
  } finally {
    stopWatching();
  }
  const { stack } = await current;
  await removeState(projectRoot);
  await stack.close();
  say('Stopped.');
}

/** What `npm start` runs of serverless.yml, and where it says it is. */
const place = { stage: 'local', region: 'us-east-1' } as const;

interface Running {
  readonly stack: Stack;
  /** Stands for everything that the template was made of; undefined when the stack could not be started from it. */
  readonly templateKey: string | undefined;
}

async function reload(running: Running, say: DevOptions['say']): Promise<Running> {
  try {
    await running.stack.reload();
    say(line('relay', 'Sources changed: the functions run the new code.'));
  } catch (error) {
    const problem = 'Sources changed, but cannot be bundled; the old code goes on running.';
    sayProblem(say, problem, error);
  }
  return running;
}

/** Resolves to what is to be stopped in the end: the new stack, or what is left of the old one. */
async function restart(running: Running, options: Omit<StartOptions, 'ports'>): Promise<Running> {
  const { projectRoot, env = process.env, say } = options;
  // Saved as it was: nobody wants to lose the queues for that.
  if ((await cacheKey({ projectRoot, env, ...place })).key === running.templateKey) return running;
  try {
    // Into the cache, while the old stack still runs.
    await packagedTemplate({ projectRoot, env, ...place, log: say });
  } catch (error) {
    const problem = 'serverless.yml changed, but cannot be packaged; the old one goes on.';
    sayProblem(say, problem, error);
    return running;
  }
  const { stack } = running;
  say(
    line('relay', 'serverless.yml changed: starting again from it, with empty queues and another Connectly.'),
  );
  await stack.close();
  try {
    return await startAndTell({ ...options, ports: portsOf(stack) });
  } catch (error) {
    await removeState(projectRoot);
    sayProblem(say, 'Nothing runs until serverless.yml is mended.', error);
    return { stack, templateKey: undefined };
  }
}

/** A tool's own words may be several lines. */
function sayProblem(say: DevOptions['say'], problem: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  for (const each of `${problem} ${reason}`.split('\n')) say(line('relay', each));
}

interface StartOptions extends Omit<DevOptions, 'ports' | 'signal'> {
  readonly ports: StackOptions['ports'] | undefined;
}

async function startAndTell(options: StartOptions): Promise<Running> {
  const { projectRoot, ports, env = process.env, register, say, onReady } = options;
  const sayIfAny = (text: string | undefined) => {
    if (text !== undefined) say(text);
  };
  const startedAt = performance.now();
  // Before it is read: what changes from here on is a change.
  const { key: templateKey } = await cacheKey({ projectRoot, env, ...place });
  const stack = await startStack({
    projectRoot,
    env,
    ...place,
    ...(ports && { ports }),
    onProgress: say,
    onFunctionLog: (log) => sayIfAny(functionLine(log)),
    onAccess: (record) => say(accessLine(record)),
    onMapping: (event) => sayIfAny(mappingLine(event)),
  });
  try {
    await register(stack);
    stack.connectly.setWindow({ customer: sampleCustomer, state: 'open' });
    await writeState(projectRoot, {
      pid: process.pid,
      region: stack.region,
      accountId: stack.accountId,
      stage: stack.stage,
      awsUrl: stack.awsUrl,
      token: stack.token,
      connectlyUrl: stack.connectly.url,
      webhookUrl: stack.webhookUrl,
      businessId: stack.businessId,
      outputs: { ...stack.description.outputs },
    });
  } catch (error) {
    await stack.close();
    throw error;
  }
  onReady(stack, welcome(stack), (performance.now() - startedAt) / 1000);
  return { stack, templateKey };
}

function portsOf(stack: Stack): NonNullable<StackOptions['ports']> {
  return { aws: portOf(stack.awsUrl), api: portOf(stack.webhookUrl), connectly: stack.connectly.port };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    // Keeps the process alive: nothing else may hold it while the stack is idle.
    const alive = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}
