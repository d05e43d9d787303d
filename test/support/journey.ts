import { expect } from 'vitest';
import type { LoadedCommand } from '../../cli/command.ts';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { type RelayOptions, type RelayResult, relayWith, startRelay, stateOf } from './relay-command.ts';

/** A project of its own with a running local stack, and a person who types commands in it. */
export interface Journey {
  readonly project: ProjectCopy;
  /** What the running stack says of itself. */
  readonly state: Awaited<ReturnType<typeof stateOf>>;
  /** Types a command. Resolves when it has ended. */
  relay(...args: string[]): Promise<RelayResult>;
  /** The same, with something on stdin or in the environment. */
  relayWith(options: RelayOptions, ...args: string[]): Promise<RelayResult>;
  /** Types a command with `--json`, and holds each line that it prints to the command's schema. */
  results<Result extends object>(command: LoadedCommand<Result>, ...args: string[]): Promise<Result[]>;
  /** Asks the fake Connectly, or tells it something: a path below `/_fake/`. */
  fake(path: string, told?: object): Promise<unknown>;
  end(): Promise<void>;
}

/** `prepare` may change the copy of the project before the stack starts from it. */
export async function startJourney(
  prepare: (project: ProjectCopy) => Promise<void> = async () => {},
): Promise<Journey> {
  const project = await copyProject();
  await prepare(project);
  const dev = startRelay(project, 'dev');
  const end = async () => {
    dev.signal('SIGTERM');
    await dev.ended;
    await project.remove();
  };
  try {
    await dev.says('Ready after');
    const state = await stateOf(project);
    return {
      project,
      state,
      relay: (...args) => relayWith({}, project, ...args),
      relayWith: (options, ...args) => relayWith(options, project, ...args),
      async results(command, ...args) {
        const { exitCode, stdout, stderr } = await relayWith({}, project, ...args, '--json');
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        return stdout
          .trim()
          .split('\n')
          .map((line) => command.result.parse(JSON.parse(line)));
      },
      async fake(path, told) {
        const url = `${state.connectlyUrl}/_fake/${path}`;
        const answer = await fetch(
          url,
          told === undefined ? {} : { method: 'POST', body: JSON.stringify(told) },
        );
        expect(answer.status).toBe(200);
        return answer.json();
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
