import * as z from 'zod';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { type RelayProcess, type RelayResult, relay, startRelay, stateOf } from './relay-command.ts';

/** A local stack as `relay dev` runs it, and the command line that finds it: processes of their own, as for a person. */
export interface RunningLocalStack {
  readonly project: ProjectCopy;
  /** Runs a command to its end. */
  relay(...args: string[]): Promise<RelayResult>;
  start(...args: string[]): RelayProcess;
  /** Tells the fake Connectly something, over its own routes. */
  tellFake(path: string, body: object): Promise<void>;
  /** What the fake Connectly has seen. */
  askFake(): Promise<FakeState>;
  stop(): Promise<void>;
}

const stateSchema = z.object({
  requests: z.object({
    newest: z.array(
      z.object({ recipient: z.string().nullable(), outcome: z.object({ accepted: z.boolean() }) }),
    ),
  }),
  accepted: z.object({
    count: z.int(),
    /** How often a message with this callbackData was accepted. */
    byCallbackData: z.record(z.string(), z.int()),
  }),
});

export type FakeState = z.infer<typeof stateSchema>;

/** Copies the project, and starts its local stack. A bundled program must say where the project is. */
export async function runLocalStack(projectRoot?: string): Promise<RunningLocalStack> {
  const project = await copyProject(projectRoot);
  const dev = startRelay(project, 'dev');
  await dev.says('Ready after');
  const { connectlyUrl } = await stateOf(project);
  return {
    project,
    relay: (...args) => relay(project, ...args),
    start: (...args) => startRelay(project, ...args),
    async tellFake(path, body) {
      const url = new URL(`/_fake/${path}`, connectlyUrl);
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`The fake answered ${response.status}: ${await response.text()}`);
    },
    async askFake() {
      const response = await fetch(new URL('/_fake/state', connectlyUrl));
      return stateSchema.parse(await response.json());
    },
    async stop() {
      dev.signal('SIGTERM');
      await dev.ended;
      await project.remove();
    },
  };
}
