import { Command, type Option } from 'commander';
import { type CommandContext, exampleText } from './command.ts';
import { type CommandLeaf, type CommandTree, commandTree } from './command-tree.ts';
import { exitCodeMeanings, usageError } from './errors.ts';
import { addGlobalOptions, type GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** What stands first in `relay --help`. */
export const programExamples = [
  'demo                                # see everything happen once',
  'dev                                 # run everything on this machine',
  'webhook register --topic messages   # point the fake Connectly at it',
  'explain outcome-unknown             # what happened, and what to do',
];

export interface ProgramOptions {
  readonly version: string;
  /** What is going to be parsed. */
  readonly argv: readonly string[];
  /** Where help goes; by default nowhere. */
  readonly io?: Pick<Io, 'stdout' | 'stderr'>;
  /** Makes what a command gets, when it runs. */
  readonly makeContext: () => CommandContext;
}

/** A command of the program, whose file is still to be loaded. */
interface Stub {
  readonly command: Command;
  readonly leaf: CommandLeaf;
}

/** The command line as commander knows it. The commands are stubs until one is asked for. */
export function createProgram(options: ProgramOptions): Command {
  return programWithStubs(options).program;
}

/**
 * The command line with every command loaded: for whoever describes it. It cannot be run. Puts the examples of each command
 * into `examples`.
 */
export async function describedProgram(examples = new Map<Command, readonly string[]>()): Promise<Command> {
  const { program, stubs } = programWithStubs({ version: '', argv: [], makeContext: noContext });
  for (const { command, leaf } of stubs) {
    const loaded = await leaf.load();
    loaded.attach(command, noContext);
    examples.set(command, loaded.examples);
  }
  return program;
}

function noContext(): never {
  throw new Error('This program describes itself only.');
}

function programWithStubs({ version, argv, io, makeContext }: ProgramOptions): {
  program: Command;
  stubs: Stub[];
} {
  const stubs: Stub[] = [];
  const program = addGlobalOptions(new Command('relay'))
    .description('Runs connectly-relay: locally and on AWS, with the same words.')
    .version(version, '-v, --version', 'say which version this is')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('before', exampleText(programExamples))
    .addHelpText('after', exitCodeText())
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // Whoever parses says it, with `--json` as JSON.
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => void io?.stdout.write(text),
      writeErr: helpOnStderr,
      // Commander's own default where that is no terminal.
      getOutHelpWidth: () => io?.stdout.columns ?? 80,
      getErrHelpWidth: () => io?.stderr.columns ?? 80,
      getOutHasColors: () => io?.stdout.hasColors?.() ?? false,
      getErrHasColors: () => io?.stderr.hasColors?.() ?? false,
    });
  addCommands(program, commandTree);
  return { program, stubs };

  function helpOnStderr(text: string): void {
    if (program.opts<GlobalOptions>().json !== true) io?.stderr.write(text);
  }

  function addCommands(parent: Command, tree: CommandTree): void {
    for (const [name, node] of Object.entries(tree)) {
      const command = parent.command(name).description(node.summary).helpCommand(false);
      if ('commands' in node) addCommands(command, node.commands);
      else stubs.push({ command, leaf: node });
    }
    parent.hook('preSubcommand', async (_, command) => {
      const stub = stubs.find((each) => each.command === command);
      if (stub === undefined) return;
      (await stub.leaf.load()).attach(command, makeContext);
      refuseSwallowedFlag(argv, optionsWithin(command));
    });
  }
}

function exitCodeText(): string {
  const list = exitCodeMeanings.map(({ code, meaning }) => `${code} ${meaning}`);
  return `\nExit codes: ${list.join(', ')}.\nData goes to stdout, words to stderr.\nThe way to a stage leads through HTTPS_PROXY, HTTP_PROXY and past NO_PROXY; the way to the local stack never does.\n`;
}

/**
 * Throws `usage` for an option whose value was left out, so that commander would take the flag behind it for the value:
 * `--campaign $EMPTY --dry-run` would send. What is meant so can still be said, with an equals sign.
 */
function refuseSwallowedFlag(argv: readonly string[], options: readonly Option[]): void {
  const words = argv[Symbol.iterator]();
  for (const word of words) {
    // What follows are operands.
    if (word === '--') return;
    const option = findOption(word, options);
    if (option?.required !== true) continue;
    const { value } = words.next();
    if (value !== undefined && isFlag(value, options)) {
      throw usageError(
        `${word} has no value: what follows is ${value}. Give it one, or, if that is the value, write ${word}=${value}`,
      );
    }
  }
}

/** Every option that may be typed with a command: its own and those of what it belongs to. */
function optionsWithin(command: Command): Option[] {
  const above = command.parent === null ? [] : optionsWithin(command.parent);
  return [...command.options, ...above];
}

function isFlag(word: string, options: readonly Option[]): boolean {
  const [name = ''] = word.split('=');
  return ['--', '--help', '-h'].includes(name) || findOption(name, options) !== undefined;
}

function findOption(word: string, options: readonly Option[]): Option | undefined {
  return options.find(({ long, short }) => word === long || word === short);
}
