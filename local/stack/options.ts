import type { AccessRecord } from '../aws/api-gateway/http-api.ts';
import type { MappingEvent } from '../aws/lambda/event-source-mapping.ts';
import type { FunctionLog } from '../aws/lambda/lambda-function.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Environment } from '../template/cache-key.ts';

/** What goes on in the stack, for whoever watches. */
export interface StackEvents {
  readonly onProgress?: (text: string) => void;
  readonly onFunctionLog?: (log: FunctionLog) => void;
  readonly onAccess?: (record: AccessRecord) => void;
  readonly onMapping?: (event: MappingEvent) => void;
}

export interface StackOptions extends StackEvents {
  readonly projectRoot: string;
  /** Whose parameters of serverless.yml are taken; `local` by default. */
  readonly stage?: string;
  readonly region?: string;
  /** Where `env:` in serverless.yml is looked up; the environment of the process by default. */
  readonly env?: Environment;
  /** Free ones unless given. */
  readonly ports?: { readonly aws?: number; readonly api?: number; readonly connectly?: number };
  /** Time for the queues, the secrets, the mappings and the fake Connectly; the functions live in real time. */
  readonly clock?: Clock;
  /** Whether the two secrets get their value at once; true by default. */
  readonly fillSecrets?: boolean;
}

/** The options with their defaults, and the account that the emulators say they are. */
export type StackSettings = ReturnType<typeof settingsOf>;

export function settingsOf(options: StackOptions) {
  return {
    stage: 'local',
    region: 'us-east-1',
    accountId: '000000000000',
    ports: {},
    env: process.env,
    clock: systemClock,
    fillSecrets: true,
    ...options,
  };
}
