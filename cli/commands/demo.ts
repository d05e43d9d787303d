import { styleText } from 'node:util';
import type { Command } from 'commander';
import { runDemo } from '../../local/demo/run-demo.ts';
import { startStack } from '../../local/stack.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandContext } from '../main.ts';

/** A cold start on a slow machine takes a few seconds; a step that takes this long has failed. */
const patienceMs = 20_000;

/** `relay demo`, which is what `npm run demo` runs. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('start a local stack, tell the whole story once with real requests, and stop')
    .action(async () => {
      const output = context.output();
      const { projectRoot } = context;
      const result = await runDemo({
        start: () => startStack({ projectRoot, onProgress: (text) => output.say(`   ${text}`) }),
        tell: (text) => output.print(text),
        show: (label, value) => output.print(dim(indent(`${label}: ${readable(value)}`))),
        patienceMs,
      });
      if (!result.ok) {
        throw new CommandError(
          exitCodes.unexpected,
          'demo-failed',
          `The demo failed at the step "${result.step}": ${result.problem}`,
        );
      }
      output.result(
        result,
        `All ${result.steps.length} steps came true; the fake Connectly accepted ${result.accepted} messages, each once.`,
      );
    });
}

/** Beside the story; only where there are colours. */
function dim(text: string): string {
  return process.stdout.hasColors?.() ? styleText('dim', text) : text;
}

function readable(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '      ');
}
