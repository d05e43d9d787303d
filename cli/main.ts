import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { CommanderError } from 'commander';
import { isObject } from '../lib/message/json.ts';
import type { CommandContext } from './command.ts';
import { commandTree } from './command-tree.ts';
import { CommandError, configurationError, exitCodes, failureOf, systemCode } from './errors.ts';
import type { GlobalOptions } from './global-options.ts';
import { listenForInterruption, listenForUnread } from './interruption.ts';
import type { Environment, Io } from './io.ts';
import { createProgram, describedProgram } from './program.ts';
import type { Target } from './target/target.ts';
import { createOutput, type Output } from './terminal/output.ts';

export interface MainOptions {
  /** What was typed after `relay`. */
  readonly argv: string[];
  /** The folder that serverless.yml is in. */
  readonly projectRoot: string;
  /** All that it reads, writes and listens to: several runs in one process do not meet. */
  readonly io: Io;
}

/** Runs the command line and resolves to its exit code. Never rejects. */
export async function main({ argv: typed, projectRoot, io }: MainOptions): Promise<number> {
  const unread = listenForUnread(io);
  const argv = typed[0] === 'help' ? [...typed.slice(1), '--help'] : typed;
  const interruption = listenForInterruption(io, Date.now);
  const { signal } = interruption;
  const targets: Target[] = [];
  const program = createProgram({
    version: await versionOf(projectRoot),
    argv,
    io,
    makeContext: () =>
      createContext(program.opts<GlobalOptions>(), {
        projectRoot,
        io,
        signal,
        unread,
        onTarget: (target) => targets.push(target),
      }),
  });
  try {
    addEnvironmentFile(join(projectRoot, '.env'), io.env);
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    const globals = program.opts<GlobalOptions>();
    const { json = false, quiet = false } = globals;
    const output = createOutput({ json, quiet, stdout: io.stdout, stderr: io.stderr });
    if (error instanceof CommanderError) return endOfParsing(error, { argv, globals, output });
    const failure = failureOf(signal.aborted && !(error instanceof CommandError) ? signal.reason : error);
    output.fail(failure);
    return failure.exitCode;
  } finally {
    for (const target of targets) target.close();
    interruption.stop();
  }
}

interface ContextOptions extends Pick<MainOptions, 'projectRoot' | 'io'> {
  readonly signal: AbortSignal;
  readonly unread: AbortSignal;
  /** Takes what is to be closed in the end. */
  readonly onTarget: (target: Target) => void;
}

/** Loaded by those commands alone that ask or read. */
const input = () => import('./terminal/input.ts');

function createContext(
  globals: GlobalOptions,
  { projectRoot, io, signal, unread, onTarget }: ContextOptions,
): CommandContext {
  const { json = false, quiet = false, yes = false } = globals;
  const { env, cwd, stdin, stdout, stderr } = io;
  const asking = { signal, stdin, stderr };
  const output = createOutput({ json, quiet, stdout, stderr });
  let finding: Promise<Target> | undefined;

  async function find(): Promise<Target> {
    const { findTarget } = await import('./target/find-target.ts');
    const target = await findTarget({ projectRoot, globals, env, signal });
    onTarget(target);
    output.say(`Acting on ${target.name}.`);
    return target;
  }

  return {
    projectRoot,
    env,
    cwd,
    globals,
    output,
    signal,
    unread,
    describe: () => describedProgram(),
    target() {
      finding ??= find();
      return finding;
    },
    confirm: async (question) => (await input()).confirm(question, { yes, ...asking }),
    readInput: async (file) => (await input()).readInput(file, { signal, io }),
    readSecret: async (label) => (await input()).readSecret(label, asking),
    async progress(options) {
      const { startProgress } = await import('./terminal/progress.ts');
      return startProgress(options, { shown: !json && !quiet, stdout, stderr });
    },
  };
}

interface Parsing {
  readonly argv: readonly string[];
  readonly globals: GlobalOptions;
  readonly output: Output;
}

/** commander ends with an error in any case: after the help, or when what was typed makes no sense. */
function endOfParsing(error: CommanderError, { argv, globals, output }: Parsing): number {
  if (error.exitCode === 0) return exitCodes.ok;
  // Where a subcommand is missing, the help has been shown; with `--json` there is none.
  const isHelp = error.code === 'commander.help';
  if (isHelp && globals.json !== true) return exitCodes.usage;
  const problem = isHelp ? 'Name a command' : error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const help = ['npx relay', ...commandPath(argv), '--help'].join(' ');
  output.fail({ code: 'usage', message: `${problem}${/[.?)]$/.test(problem) ? '' : '.'} See: ${help}` });
  return exitCodes.usage;
}

function commandPath(argv: readonly string[]): string[] {
  const path: string[] = [];
  let tree = commandTree;
  for (const word of argv) {
    const node = Object.hasOwn(tree, word) ? tree[word] : undefined;
    if (node === undefined) continue;
    path.push(word);
    tree = 'commands' in node ? node.commands : {};
  }
  return path;
}

async function versionOf(projectRoot: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  const version = isObject(manifest) ? manifest['version'] : undefined;
  return typeof version === 'string' ? version : 'unknown';
}

/** What is set already stays. */
function addEnvironmentFile(file: string, env: Environment): void {
  try {
    for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) env[name] ??= value;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return;
    throw configurationError('env-file', `${file} cannot be read. Correct or remove it.`, { cause });
  }
}
