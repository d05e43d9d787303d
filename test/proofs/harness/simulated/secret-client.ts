import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type CallOptions, scripted } from '../../../support/scripted-clients.ts';
import { awsFailure, type Injected } from './faults.ts';
import type { Life } from './life.ts';
import type { VirtualDeadlines } from './virtual-deadlines.ts';

export interface SecretClientOptions {
  readonly valueOf: (secretId: string) => string;
  readonly life: Life;
  readonly deadlines: VirtualDeadlines;
  readonly injected: Injected;
  readonly random: () => number;
  /** Of all calls, from 0 to 1. */
  readonly faultShare: number;
}

/** Secrets Manager's client, throttled or silent for a share of its calls. */
export function createSecretClient(options: SecretClientOptions): SecretsManagerClient {
  const { valueOf, life, deadlines, injected, random, faultShare } = options;
  const pause = (delayMs: number) => new Promise<void>((resolve) => void life.clock.after(delayMs, resolve));

  async function send(command: object, { abortSignal }: CallOptions = {}): Promise<object> {
    if (!(command instanceof GetSecretValueCommand)) throw new Error('a command that no adapter uses');
    await pause(2 + Math.floor(random() * 10));
    if (random() >= faultShare) return { SecretString: valueOf(command.input.SecretId ?? '') };
    const hangs = random() < 0.3;
    injected.count(hangs ? 'secret hung' : 'secret throttled');
    if (hangs) await pause(deadlines.leftMs(abortSignal));
    throw awsFailure(hangs ? 'AbortError' : 'ThrottlingException');
  }

  return scripted.secretsManager((command, given) => life.call(() => send(command, given)));
}
