import * as z from 'zod';
import { runDemo } from '../../local/stack/demo/run-demo.ts';
import { startStack } from '../../local/stack/stack.ts';
import { defineCommand } from '../command.ts';
import { CommandError, exitCodes } from '../errors.ts';
import { maskNumber } from '../terminal/masking.ts';
import { registerStack } from '../webhook/register-stack.ts';

/** A cold start on a slow machine takes a few seconds; a step that takes this long has failed. */
const patienceMs = 20_000;

/** `relay demo`, which is what `npm run demo` runs. */
export const demo = defineCommand({
  examples: ['demo', 'demo --json'],
  result: z.strictObject({
    ok: z.literal(true),
    steps: z.array(z.string()),
    /** Messages that the fake Connectly accepted. */
    accepted: z.int(),
  }),
  async run({ output, projectRoot, env }) {
    const result = await runDemo({
      start: () => startStack({ projectRoot, env, onProgress: (text) => output.say(`   ${text}`) }),
      register: registerStack,
      tell: (text) => output.print(text),
      show: (label, value) =>
        output.print(readable(label, value).map((line) => output.style('dim', `      ${line}`))),
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
      { ...result, steps: [...result.steps] },
      `All ${result.steps.length} steps came true; the fake Connectly accepted ${result.accepted} messages, each once.`,
    );
  },
});

/** What went over the wire, but for the numbers: they are invented, and masked all the same, like everybody's. */
function readable(label: string, value: unknown): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${label}: ${text.replaceAll(/\+\d{8,}/g, maskNumber)}`.split('\n');
}
