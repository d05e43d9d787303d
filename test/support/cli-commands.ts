import type { LoadedCommand } from '../../cli/command.ts';
import { type CommandTree, commandTree } from '../../cli/command-tree.ts';

export interface NamedCommand {
  /** Its words, such as `webhook register`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<LoadedCommand>;
}

/** Every command that does something, from the sources. */
export function allCommands(tree: CommandTree = commandTree, above = ''): NamedCommand[] {
  return Object.entries(tree).flatMap(([word, node]) => {
    const name = `${above}${word}`;
    if ('commands' in node) return allCommands(node.commands, `${name} `);
    return [{ name, summary: node.summary, load: node.load }];
  });
}

/** The words that stand for groups of commands. */
export function allGroups(tree: CommandTree = commandTree, above = ''): string[] {
  return Object.entries(tree).flatMap(([word, node]) => {
    const name = `${above}${word}`;
    return 'commands' in node ? [name].concat(allGroups(node.commands, `${name} `)) : [];
  });
}
