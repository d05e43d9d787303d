import * as z from 'zod';
import { type CommandContext, defineCommand } from '../command.ts';
import { configurationError, usageError } from '../errors.ts';
import { type SecretName, secretLabels, secretNotSet } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';
import { durationInWords } from '../terminal/duration.ts';
import type { Lines } from '../terminal/lines.ts';
import { wholeNumber } from '../terminal/option-values.ts';
import { checkKeys, withKey } from './api-keys.ts';
import { enterSecret } from './decorations.ts';
import { evidenceSince, secretUse, takenUpAfterMs } from './rotation.ts';
import { isValidSecret, refuseBusiness, secretArgument, secretNamed } from './secret-argument.ts';
import { openSecret, type SecretStore, type StoredSecret } from './secret-store.ts';
import { withNewestOnly, withSecretAdded } from './webhook-secrets.ts';

interface RotateOptions {
  readonly business?: string;
  readonly check: boolean;
  readonly finish?: true;
  /** In seconds. */
  readonly unusedFor: number;
}

const resultSchema = z.strictObject({
  secret: z.string(),
  /** added: both webhook secrets are live; finished: the newest only; replaced: the API key is another one. */
  action: z.enum(['added', 'finished', 'replaced']),
  versionId: z.string(),
  /** The ISO time after which Connectly may be told to use the new secret, or to revoke the old key. */
  switchAfter: z.string().optional(),
  /** What was around the value that was entered, and is not stored: in words. Absent where none was entered. */
  takenOff: z.array(z.string()).readonly().optional(),
});

type Rotation = z.infer<typeof resultSchema>;

/** `relay secrets rotate` */
export const secretsRotate = defineCommand({
  examples: [
    'secrets rotate webhook-secrets --stage prod',
    'secrets rotate webhook-secrets --finish --stage prod',
    'secrets rotate api-key --stage prod < new-api-key.txt',
  ],
  result: resultSchema,
  define: (command) =>
    command
      .addArgument(secretArgument())
      .option('--finish', 'remove the old webhook secret; refused while events come that were signed with it')
      .option(
        '--unused-for <seconds>',
        `how long the old one must have been out of use, at least ${takenUpAfterMs / 1000}`,
        wholeNumber('seconds', 0, 999_999),
        600,
      )
      .option('--business <id>', 'the API key of this business only')
      .option('--no-check', 'store an API key without trying it at Connectly'),
  async run(context, options: RotateOptions, [operand]) {
    const name = secretNamed(operand);
    refuseBusiness(name, options.business);
    if (name === 'api-key' && options.finish) {
      throw usageError('--finish is about the webhook secret: a new API key replaces the old one.');
    }
    const target = await context.target();
    const store = await openSecret(target, name);
    const current = await store.read();
    if (current === undefined) throw secretNotSet(name, target.options);
    if (name === 'webhook-secrets' && !isValidSecret(name, current.value)) {
      throw configurationError(
        'secret-invalid',
        `The ${secretLabels[name]} has a value that makes no sense. Set it anew: npx relay secrets set ${name} ${target.options}`,
      );
    }
    const rotating = { context, options, target, store, current };
    const rotation = await (name === 'api-key'
      ? replaceKey(rotating)
      : options.finish
        ? finish(rotating)
        : addSecret(rotating));
    context.output.result(rotation, inWords(rotation, { name, target }));
  },
});

interface Rotating {
  readonly context: CommandContext;
  readonly options: RotateOptions;
  readonly target: Target;
  readonly store: SecretStore;
  readonly current: StoredSecret;
}

async function addSecret({ context, target, store, current }: Rotating): Promise<Rotation> {
  const { value: entered, takenOff } = await enterSecret(context, {
    name: 'webhook-secrets',
    label: 'New webhook secret',
  });
  const value = withSecretAdded(current.value, { entered, targetOptions: target.options });
  const versionId = await store.replace(value, current);
  return { secret: 'webhook-secrets', action: 'added', versionId, switchAfter: switchAfter(), takenOff };
}

async function finish({ context, options, target, store, current }: Rotating): Promise<Rotation> {
  const value = withNewestOnly(current.value, { targetOptions: target.options });
  const unusedForMs = options.unusedFor * 1000;
  if (unusedForMs < takenUpAfterMs) {
    const least = Math.ceil(takenUpAfterMs / 1000);
    throw usageError(
      `Running functions need ${durationInWords(least)} to know a change, so the old secret must have been out of use for as long: --unused-for ${least} or more. To be rid of it at once, although events that are signed with it are refused from then on: npx relay secrets set webhook-secrets ${target.options}`,
    );
  }
  const since = evidenceSince({ addedAt: current.changedAt, now: Date.now(), unusedForMs });
  const use = await secretUse(target, { since, signal: context.signal });
  if (use.old) {
    throw configurationError(
      'old-secret-in-use',
      `In the last ${options.unusedFor} s an event came that was signed with the old secret. Switch Connectly to the new one, and run this again ${options.unusedFor} s later.`,
    );
  }
  if (!use.new) {
    await context.confirm(
      `In the last ${options.unusedFor} s no event came at all: nothing tells whether Connectly uses the new secret. Remove the old one?`,
    );
  }
  const versionId = await store.replace(value, current);
  return { secret: 'webhook-secrets', action: 'finished', versionId };
}

async function replaceKey({ context, options, target, store, current }: Rotating): Promise<Rotation> {
  const { business: businessId } = options;
  const { value: key, takenOff } = await enterSecret(context, { name: 'api-key', label: 'New API key' });
  const value = withKey(current.value, { key, businessId });
  if (options.check) await checkKeys(target, { value, businessId, signal: context.signal });
  const versionId = await store.replace(value, current);
  return { secret: 'api-key', action: 'replaced', versionId, switchAfter: switchAfter(), takenOff };
}

function switchAfter(): string {
  return new Date(Date.now() + takenUpAfterMs).toISOString();
}

function inWords(rotation: Rotation, { name, target }: { name: SecretName; target: Target }): Lines {
  switch (rotation.action) {
    case 'added':
      return [
        'Both webhook secrets are live.',
        `1. After ${rotation.switchAfter}, tell Connectly to use the new one.`,
        `2. Then remove the old one: npx relay secrets rotate ${name} --finish ${target.options}`,
      ];
    case 'finished':
      return 'The newest webhook secret is the only one.';
    case 'replaced':
      return `The API key is replaced. After ${rotation.switchAfter}, have the old one revoked at Connectly.`;
  }
}
