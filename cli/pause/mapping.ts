import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  ResourceConflictException,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { configurationError } from '../errors.ts';
import type { OutputName } from '../target/outputs.ts';
import type { FunctionName, Target } from '../target/target.ts';
import { type SwitchableMapping, switchMapping } from './switch-mapping.ts';

/** What feeds a function from its queue. */
export interface Mapping extends SwitchableMapping {
  /** The seconds after which Lambda ends an invocation of the function. */
  functionTimeoutSeconds(): Promise<number>;
}

/** Lambda's own limit for a function, in seconds. */
const longestTimeoutSeconds = 900;

/** A queue, and the function that it feeds. */
export interface MappingPlace {
  readonly queueArn: OutputName;
  readonly feeds: FunctionName;
  readonly signal: AbortSignal;
}

/** How Lambda describes the mapping between a queue and a function. Rejects with `no-mapping` when the stack has none. */
export async function describeMapping(
  target: Target,
  { queueArn, feeds, signal }: MappingPlace,
): Promise<EventSourceMappingConfiguration> {
  const lambda = await target.aws.lambda();
  const name = target.functions[feeds];
  const { EventSourceMappings: mappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: target.output(queueArn) }),
    { abortSignal: signal },
  );
  // The function's name is the seventh part of its ARN; a version or an alias may follow.
  const found = mappings.find(({ FunctionArn: arn = '' }) => arn.split(':')[6] === name);
  if (found !== undefined) return found;
  throw configurationError(
    'no-mapping',
    `Nothing feeds ${name} from its queue at ${target.name}. Deploy it again: npx serverless deploy --stage ${target.stage}`,
  );
}

/** Finds the mapping between a queue and a function. Rejects with `no-mapping` when the stack has none. */
export async function findMapping(target: Target, place: MappingPlace): Promise<Mapping> {
  const { UUID } = await describeMapping(target, place);
  const lambda = await target.aws.lambda();
  const FunctionName = target.functions[place.feeds];
  const abortable = { abortSignal: place.signal };
  return {
    async state() {
      const { State: state } = await lambda.send(new GetEventSourceMappingCommand({ UUID }), abortable);
      return state ?? 'unknown';
    },
    async ask(enabled) {
      try {
        // Not aborted: whether AWS has been asked would not be known.
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
      } catch (error) {
        // An earlier change is under way.
        if (error instanceof ResourceInUseException || error instanceof ResourceConflictException)
          return false;
        throw error;
      }
      return true;
    },
    async functionTimeoutSeconds() {
      const { Timeout: timeout } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
        abortable,
      );
      return timeout ?? longestTimeoutSeconds;
    },
  };
}

/** What feeds send-message, and how to switch that. */
export async function findSending(target: Target, signal: AbortSignal) {
  const mapping = await findMapping(target, { queueArn: 'SendsQueueArn', feeds: 'send-message', signal });
  const second = () => sleep(1000, undefined, { signal }).catch(() => signal.throwIfAborted());
  return {
    mapping,
    second,
    /** Resolves, once it has happened, to whether that took a change. */
    switchTo: (wanted: 'Enabled' | 'Disabled') =>
      switchMapping(mapping, { wanted, second, signal, targetOptions: target.options }),
  };
}
