import type { Tool } from '../../support/tools.ts';
import type { Deployment } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';
import type { Limit } from './limits.ts';

/** An AWS that others have written: how to start it, and what it does otherwise than AWS. */
export interface Emulator {
  readonly name: string;
  readonly tool: Tool;
  /** Starts its server on 127.0.0.1; it ends with this process, however that ends. */
  start(options: StartOptions): Promise<Server>;
  /** Settings of the stage, because of what it leaves out. */
  readonly settings: readonly string[];
  /** What it does otherwise than AWS; each is checked to be still so. */
  readonly limits: readonly Limit[];
  /**
   * The types of resource that it leaves out of a stack, each with what shows that it is right nevertheless. A type that is
   * left out and not listed here is a failure, and so is one listed here that it does create.
   */
  readonly leavesOut: Readonly<Record<string, string>>;
  /** Has the functions of the stack run, fed by their queues, until they are closed. */
  runFunctions(deployment: Deployment, options: FunctionOptions): Promise<RunningFunctions>;
}

export interface StartOptions {
  readonly projectRoot: string;
  /** The folder of its commands. */
  readonly commands: string;
  /** For whatever it writes. */
  readonly folder: string;
  /** The Node.js that functions run on. */
  readonly nodeBinary: string;
  readonly region: string;
  readonly accountId: string;
  /** As its authors ship it, without what the launcher of the run teaches it. */
  readonly plain: boolean;
}

export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface FunctionOptions {
  readonly expected: ExpectedStack;
  readonly connectlyUrl: string;
  readonly nodeBinary: string;
}

export interface RunningFunctions {
  /** Where Connectly sends webhooks. */
  readonly webhookUrl: string;
  /** Has settle-send be fed, or not, from when this resolves. */
  feedSettleSend(isFed: boolean): Promise<void>;
  /** What the functions wrote until now. */
  lines(): Promise<readonly string[]>;
  /** What went wrong beside the stories. */
  readonly problems: readonly string[];
  /** Nobody reads the queues any more when this resolves: the mappings are disabled. */
  close(): Promise<void>;
}
