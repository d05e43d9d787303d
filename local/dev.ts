import { registerStack } from './connect.ts';
import { accessLine, functionLine, line, mappingLine } from './log-lines.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';
import { readState, removeState, writeState } from './state-file.ts';
import { watchSources } from './watch-sources.ts';
import { sampleCustomer, welcome } from './welcome.ts';

export interface DevOptions extends Pick<StackOptions, 'projectRoot' | 'ports'> {
  /** Takes a line for people, without its line feed. */
  readonly say: (text: string) => void;
  /** Takes the stack whenever it is ready: at first, and after each change of serverless.yml. */
  readonly onReady: (stack: Stack, welcomeText: string) => void;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/**
 * Runs the local stack until the signal comes: fills its secrets, registers its webhook at the fake Connectly, and
 * takes over changes of the sources. Rejects when it cannot start, or when one runs here already.
 */
export async function runDev({ projectRoot, ports, say, onReady, signal }: DevOptions): Promise<void> {
  const running = await readState(projectRoot);
  if (running !== undefined) {
    throw new Error(
      `A local stack runs here already (process ${running.pid}, ${running.webhookUrl}). Stop that one first.`,
    );
  }
  let stack = await startAndTell({ projectRoot, ports, say, onReady });
  let work = Promise.resolve();
  const inTurn = (what: string, run: () => Promise<void>) => {
    work = work.then(run).catch((error: unknown) => {
      say(line('relay', `${what} failed: ${error instanceof Error ? error.message : String(error)}`));
    });
  };
  const stopWatching = watchSources(projectRoot, {
    onCode: () =>
      inTurn('Bundling', async () => {
        await stack.reload();
        say(line('relay', 'Sources changed: the functions run the new code.'));
      }),
    onTemplate: () =>
      inTurn('Restarting', async () => {
        say(line('relay', 'serverless.yml changed: starting again from it, with empty queues.'));
        const samePorts = portsOf(stack);
        await stack.close();
        stack = await startAndTell({ projectRoot, ports: samePorts, say, onReady });
      }),
  });

  await aborted(signal);
  stopWatching();
  await work;
  await removeState(projectRoot);
  await stack.close();
}

interface StartOptions extends Pick<DevOptions, 'projectRoot' | 'say' | 'onReady'> {
  readonly ports: StackOptions['ports'] | undefined;
}

async function startAndTell(options: StartOptions): Promise<Stack> {
  const { projectRoot, ports, say, onReady } = options;
  const sayIfAny = (text: string | undefined) => {
    if (text !== undefined) say(text);
  };
  const stack = await startStack({
    projectRoot,
    ...(ports && { ports }),
    onProgress: say,
    onFunctionLog: (log) => sayIfAny(functionLine(log)),
    onAccess: (record) => say(accessLine(record)),
    onMapping: (event) => sayIfAny(mappingLine(event)),
  });
  try {
    await registerStack(stack);
    stack.connectly.setWindow({ customer: sampleCustomer, state: 'open' });
    await writeState(projectRoot, {
      pid: process.pid,
      region: stack.region,
      accountId: stack.accountId,
      stage: stack.stage,
      awsUrl: stack.awsUrl,
      connectlyUrl: stack.connectly.url,
      webhookUrl: stack.webhookUrl,
      businessId: stack.businessId,
      outputs: { ...stack.description.outputs },
    });
  } catch (error) {
    await stack.close();
    throw error;
  }
  onReady(stack, welcome(stack));
  return stack;
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
