import type { Clock } from '../../clock.ts';
import { AwsError } from '../protocols/service.ts';
import { notFound } from './errors.ts';
import {
  attachStage,
  currentStage,
  type SecretValue,
  type SecretVersion,
  sameValue,
  type Versions,
} from './stages.ts';

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly versions: Versions;
  readonly description: string | undefined;
  changedAt: number;
}

export interface StoreOptions {
  clock: Clock;
  region: string;
  accountId: string;
  /** A number from 0 up to, but not including, 1. */
  random: () => number;
}

export interface NewVersion {
  token: string;
  value: SecretValue;
  /** Absent: the version becomes AWSCURRENT. */
  stages?: readonly string[];
}

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffixLength = 6;

/** The secrets of one account and region, without any protocol around them. */
export class SecretStore {
  readonly #options: StoreOptions;
  readonly #byName = new Map<string, Secret>();
  readonly #reservedArns = new Map<string, string>();

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.clock.now();
  }

  /** The ARN of a secret, or, before it is created, the one it will have. */
  arnOf(name: string): string {
    const existing = this.#byName.get(name)?.arn ?? this.#reservedArns.get(name);
    if (existing !== undefined) return existing;
    const { region, accountId, random } = this.#options;
    let suffix = '';
    while (suffix.length < suffixLength)
      suffix += suffixAlphabet.charAt(Math.floor(random() * suffixAlphabet.length));
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
    this.#reservedArns.set(name, arn);
    return arn;
  }

  create({ name, description }: { name: string; description?: string | undefined }): Secret {
    if (this.#byName.has(name))
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    const arn = this.arnOf(name);
    const now = this.now();
    const secret: Secret = { arn, name, description, createdAt: now, changedAt: now, versions: new Map() };
    this.#reservedArns.delete(name);
    this.#byName.set(name, secret);
    return secret;
  }

  /** Finds a secret by its name, its ARN, or its ARN without the six random characters. */
  find(id: string): Secret | undefined {
    const byName = this.#byName.get(id);
    if (byName) return byName;
    const { region, accountId } = this.#options;
    const prefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    if (!id.startsWith(prefix)) return undefined;
    for (const secret of this.all()) if (secret.arn === id) return secret;
    return this.#byName.get(id.slice(prefix.length));
  }

  /** As `find`, but an absent secret is AWS's error. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw notFound();
    return secret;
  }

  /** Every secret, oldest first. */
  all(): Secret[] {
    return [...this.#byName.values()];
  }

  /**
   * Adds a version under its token. The same token with the same value changes nothing (a retry); with another value
   * it is refused. The first version of a secret is AWSCURRENT whatever labels were asked for.
   */
  putVersion(secret: Secret, { token, value, stages }: NewVersion): SecretVersion {
    const existing = secret.versions.get(token);
    if (existing) {
      if (sameValue(existing.value, value)) return existing;
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const now = this.now();
    const version: SecretVersion = {
      id: token,
      value,
      createdAt: now,
      stages: new Set(),
    };
    const isFirst = secret.versions.size === 0;
    secret.versions.set(token, version);
    for (const stage of stages ?? [currentStage]) attachStage(secret.versions, version, stage);
    if (isFirst) attachStage(secret.versions, version, currentStage);
    secret.changedAt = now;
    return version;
  }
}
