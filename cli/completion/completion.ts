import { Argument } from 'commander';
import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { completionScript, placesOf, type Shell, shells } from './scripts.ts';

/** `relay completion` */
export const completion = defineCommand({
  examples: ['completion bash >> ~/.bashrc', 'completion fish > ~/.config/fish/completions/relay.fish'],
  result: z.strictObject({ shell: z.enum(shells), script: z.string() }),
  define: (command) => command.addArgument(new Argument('<shell>', 'which shell').choices(shells)),
  async run({ output, describe }, _options, [name]) {
    const shell: Shell = shells.find((each) => each === name) ?? 'bash';
    const script = completionScript(shell, placesOf(await describe()));
    output.result({ shell, script }, script.split('\n'));
  },
});
