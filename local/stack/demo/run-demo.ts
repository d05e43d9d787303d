import type { Stack } from '../stack.ts';
import { story } from './story.ts';
import { type Narrator, openWorld } from './world.ts';

export interface DemoOptions extends Narrator {
  readonly start: () => Promise<Stack>;
}

/** How the demo went. A failed one names its step. */
export type DemoResult =
  | { readonly ok: true; readonly steps: readonly string[]; readonly accepted: number }
  | { readonly ok: false; readonly step: string; readonly problem: string };

/** Starts a stack, tells the whole story once, and stops it. Never rejects. */
export async function runDemo({ start, register, tell, show, patienceMs }: DemoOptions): Promise<DemoResult> {
  let stack: Stack | undefined;
  let step = 'start the stack';
  try {
    tell(`1. ${step}`);
    stack = await start();
    show('webhook', stack.webhookUrl);
    show('fake Connectly', stack.connectly.url);
    const world = openWorld(stack, { register, tell: (text) => tell(`   ${text}`), show, patienceMs });
    try {
      for (const [index, { name, run }] of story.entries()) {
        step = name;
        tell(`${index + 2}. ${name}`);
        await run(world);
      }
    } finally {
      world.close();
    }
    const accepted = stack.connectly.state().accepted.count;
    return { ok: true, steps: ['start the stack', ...story.map(({ name }) => name)], accepted };
  } catch (error) {
    return { ok: false, step, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await stack?.close();
  }
}
