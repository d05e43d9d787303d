// Installs the tools that are named and prints the folder of each one's commands: `install.ts moto aws-cli`.
import { dirname, join } from 'node:path';
import { installTool, toolNames } from './tools.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

const wanted = process.argv.slice(2);
for (const name of wanted) {
  const tool = toolNames.find((each) => each === name);
  if (tool === undefined) throw new Error(`${name} is not one of ${toolNames.join(', ')}`);
  process.stdout.write(`${await installTool(tool, { projectRoot })}\n`);
}
