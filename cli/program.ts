import { Command } from 'commander';
import { type CommandContext, exampleText } from './command.ts';
import { type CommandNode, type CommandTree, commandTree } from './command-tree.ts';
import { exitCodeMeanings } from './exit-codes.ts';
import { addGlobalOptions } from './global-options.ts';

/** What stands first in `relay --help`. */
export const programExamples = [
  'demo                                see everything happen once',
  'dev                                 run everything on this machine',
  'webhook register --topic messages   point the fake Connectly at it',
];

export interface ProgramOptions {
  readonly version: string;
  /** Makes what a command gets, when it runs. */
  readonly makeContext: () => CommandContext;
}

/** The command line as commander knows it. The commands are stubs until one is asked for. */
export function createProgram({ version, makeContext }: ProgramOptions): Command {
  const program = addGlobalOptions(new Command('relay'))
    .description('Runs connectly-relay: locally and on AWS, with the same words.')
    .version(version, '--version', 'say which version this is')
    .helpOption('--help', 'show this')
    .helpCommand(false)
    .addHelpText('before', exampleText(programExamples))
    .addHelpText('after', exitCodeText())
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // Whoever parses says it, with `--json` as JSON.
    .configureOutput({ outputError: () => {} });
  addCommands(program, commandTree);
  return program;

  function addCommands(parent: Command, tree: CommandTree): void {
    const nodes = new Map<Command, CommandNode>();
    for (const [name, node] of Object.entries(tree)) {
      const command = parent.command(name).description(node.summary).helpCommand(false);
      nodes.set(command, node);
      if ('commands' in node) addCommands(command, node.commands);
    }
    parent.hook('preSubcommand', async (_, command) => {
      const node = nodes.get(command);
      if (node !== undefined && 'load' in node) {
        const loaded = await node.load();
        loaded.attach(command, makeContext);
      }
    });
  }
}

function exitCodeText(): string {
  const list = exitCodeMeanings.map(({ code, meaning }) => `${code} ${meaning}`);
  return `\nExit codes: ${list.join(', ')}.\nData goes to stdout, words to stderr.\n`;
}
