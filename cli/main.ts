import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import type { CommandContext } from './command.ts';
import { CommandError, configurationError } from './command-error.ts';
import { commandTree } from './command-tree.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { listenForInterruption } from './interruption.ts';
import { createProgram } from './program.ts';
import type { Target } from './target/target.ts';
import { createOutput, type Output } from './terminal/output.ts';
import { listenForUnread } from './terminal/unread.ts';

/** Runs the command line and resolves to its exit code. Never rejects. */
export async function main({
  argv: typed,
  projectRoot,
}: {
  argv: string[];
  projectRoot: string;
}): Promise<number> {
  const unread = listenForUnread(process);
  const argv = typed[0] === 'help' ? [...typed.slice(1), '--help'] : typed;
  const interruption = listenForInterruption(process, Date.now);
  const { signal } = interruption;
  const targets: Target[] = [];
  const program = createProgram({
    version: await versionOf(projectRoot),
    argv,
    makeContext: () =>
      createContext(program.opts<GlobalOptions>(), {
        projectRoot,
        signal,
        unread,
        onTarget: (target) => targets.push(target),
      }),
  });
  try {
    loadEnvironmentFile(join(projectRoot, '.env'));
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    const globals = program.opts<GlobalOptions>();
    const output = createOutputFor(globals);
    if (error instanceof CommanderError) return endOfParsing(error, { argv, globals, output });
    const { failureOf } = await import('./failure.ts');
    const failure = failureOf(signal.aborted && !(error instanceof CommandError) ? signal.reason : error);
    output.fail(failure);
    return failure.exitCode;
  } finally {
    for (const target of targets) target.close();
    interruption.stop();
  }
}

interface ContextOptions {
  readonly projectRoot: string;
  readonly signal: AbortSignal;
  readonly unread: AbortSignal;
  /** Takes what is to be closed in the end. */
  readonly onTarget: (target: Target) => void;
}

function createContext(
  globals: GlobalOptions,
  { projectRoot, signal, unread, onTarget }: ContextOptions,
): CommandContext {
  const { json = false, quiet = false, yes = false } = globals;
  const { stdin, stderr } = process;
  const output = createOutputFor(globals);
  let finding: Promise<Target> | undefined;

  async function find(): Promise<Target> {
    const { findTarget } = await import('./target/find-target.ts');
    const target = await findTarget({ projectRoot, globals, signal });
    onTarget(target);
    output.say(`Acting on ${target.name}.`);
    return target;
  }

  return {
    projectRoot,
    globals,
    output,
    signal,
    unread,
    target() {
      finding ??= find();
      return finding;
    },
    async confirm(question) {
      const { confirm } = await import('./terminal/confirm.ts');
      await confirm(question, { yes, signal, stdin, stderr });
    },
    async readSecret(label) {
      const { readSecret } = await import('./terminal/input.ts');
      return readSecret(label, { signal, stdin, stderr });
    },
    async progress(options) {
      const { startProgress } = await import('./terminal/progress.ts');
      return startProgress(options, { shown: !json && !quiet, stderr });
    },
  };
}

function createOutputFor({ json = false, quiet = false }: GlobalOptions): Output {
  return createOutput({ json, quiet, stdout: process.stdout, stderr: process.stderr });
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
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

/** What is set already stays. */
function loadEnvironmentFile(file: string): void {
  if (!existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw configurationError('env-file', `${file} cannot be read. Correct or remove it.`, { cause });
  }
}
