import { deepStrictEqual } from 'node:assert/strict';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { LoadedCommand } from '../../cli/command.ts';
import { type LocalState, readState } from '../../local/stack/state-file.ts';
import { clientSettings } from './client-settings.ts';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { localQueues, putOn, type ReceivedMessage, receivedFrom } from './queue-messages.ts';
import {
  type Place,
  type RelayOptions,
  type RelayResult,
  type RunningRelay,
  type StartRelay,
  startRelay,
} from './relay-command.ts';
import { spawnRelay } from './relay-process.ts';

/** A project of its own with a running local stack, and a person who types commands in it. */
export interface Journey {
  readonly project: ProjectCopy;
  /** The command that runs the stack. */
  readonly dev: RunningRelay;
  readonly state: LocalState;
  readonly sqs: SQSClient;
  /** Types a command. Resolves when it has ended. */
  relay(...args: string[]): Promise<RelayResult>;
  /** The same, with something on stdin or in the environment. */
  relayWith(options: RelayOptions, ...args: string[]): Promise<RelayResult>;
  /** Types a command that goes on. */
  start(...args: string[]): RunningRelay;
  /** Types a command with `--json`, and holds each line that it prints to the command's schema. */
  results<Result extends object>(command: LoadedCommand<Result>, ...args: string[]): Promise<Result[]>;
  /** Gives the secret whose ARN is this output a value, as AWS holds it. */
  putSecret(output: string, value: string): Promise<void>;
  /** Puts messages on the sends queue. */
  enqueue(messages: readonly object[]): Promise<void>;
  /** Up to ten messages of the queue whose address is this output; they stay there, out of sight. */
  received(output: string): Promise<ReceivedMessage[]>;
  /** Asks the fake Connectly, or tells it something: a path below `/_fake/`. */
  fake(path: string, told?: object): Promise<unknown>;
  /** What the fake Connectly has seen. Its lists can be as long as it keeps them; counts alone, with 0, cost it nothing. */
  seen(newest?: number): Promise<Seen>;
  end(): Promise<void>;
}

const seenSchema = z.object({
  requests: z.object({
    newest: z.array(
      z.object({ recipient: z.string().nullable(), outcome: z.object({ accepted: z.boolean() }) }),
    ),
  }),
  accepted: z.object({
    count: z.int(),
    newest: z.array(z.object({ id: z.string(), recipient: z.string() })),
    /** How often a message with this callbackData was accepted. */
    byCallbackData: z.record(z.string(), z.int()),
  }),
  webhooks: z.object({ events: z.int(), delivered: z.int(), attempts: z.int() }),
});

export type Seen = z.infer<typeof seenSchema>;

export interface JourneyOptions {
  /** May change the copy of the project before the stack starts from it. */
  readonly prepare?: (project: ProjectCopy) => Promise<void>;
  /** A bundled program must say where the project is. */
  readonly projectRoot?: string;
}

/** In processes of their own, as somebody has it who typed `npm start` and opens a second window. */
export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const { prepare, projectRoot } = options;
  const project = await copyProject(projectRoot);
  await prepare?.(project);
  return start(spawnRelay, project);
}

/** The same in this process, which is many times faster: but for the bundle and the process, nothing differs. */
export async function startStackHere(...devOptions: string[]): Promise<Journey> {
  return start(startRelay, await copyProject(), devOptions);
}

/** What the stack says of itself that runs in a place. Rejects when none does. */
export async function stateOf({ root }: Place): Promise<LocalState> {
  const state = await readState(root);
  if (state === undefined) throw new Error(`No stack runs in ${root}.`);
  return state;
}

async function start(
  type: StartRelay,
  project: ProjectCopy,
  devOptions: readonly string[] = [],
): Promise<Journey> {
  const dev = type({}, project, 'dev', ...devOptions);
  const stop = async () => {
    dev.signal('SIGTERM');
    await dev.ended;
    await project.remove();
  };
  const relayWith = (options: RelayOptions, ...args: string[]) => type(options, project, ...args).ended;
  try {
    await dev.says(devOptions.includes('--json') ? '"webhookUrl"' : 'Ready after');
    const state = await stateOf(project);
    const { awsUrl, connectlyUrl, outputs } = state;
    const sqs = localQueues(awsUrl);
    const secrets = new SecretsManagerClient(clientSettings(awsUrl, state.region));

    async function fake(path: string, told?: object): Promise<unknown> {
      const post = told && { method: 'POST', body: JSON.stringify(told) };
      const answer = await fetch(`${connectlyUrl}/_fake/${path}`, post);
      if (!answer.ok) throw new Error(`The fake Connectly answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    }

    return {
      project,
      dev,
      state,
      sqs,
      relay: (...args) => relayWith({}, ...args),
      relayWith,
      start: (...args) => type({}, project, ...args),
      async results(command, ...args) {
        const { exitCode, stdout, stderr } = await relayWith({}, ...args, '--json');
        deepStrictEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
        return resultsIn(command, stdout);
      },
      async putSecret(output, value) {
        await secrets.send(new PutSecretValueCommand({ SecretId: outputs[output], SecretString: value }));
      },
      enqueue: (messages) =>
        putOn(
          sqs,
          outputs['SendsQueueUrl'],
          messages.map((body) => ({ body })),
        ),
      received: (output) => receivedFrom(sqs, outputs[output]),
      fake,
      seen: async (newest) =>
        seenSchema.parse(await fake(newest === undefined ? 'state' : `state?newest=${newest}`)),
      async end() {
        sqs.destroy();
        secrets.destroy();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The lines that a command has printed under `--json`, each held to its schema. */
export function resultsIn<Result extends object>(command: LoadedCommand<Result>, stdout: string): Result[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => command.result.parse(JSON.parse(line)));
}
