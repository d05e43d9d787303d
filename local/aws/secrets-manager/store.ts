import type { Clock } from '../../clock.ts';
import { AwsError } from '../protocols/service.ts';
import { invalidRequest, notFound } from './input.ts';
import {
  attachStage,
  currentStage,
  dropDeprecated,
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
  readonly tags: Map<string, string>;
  description: string | undefined;
  kmsKeyId: string | undefined;
  changedAt: number;
  accessedAt: number | undefined;
  /** When deletion was asked for, and when the secret is gone for good. */
  deletion: { requestedAt: number; dueAt: number } | undefined;
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

  random(): number {
    return this.#options.random();
  }

  /** The ARN of a secret, or, before it is created, the one it will have. */
  arnOf(name: string): string {
    const existing = this.#live(name)?.arn ?? this.#reservedArns.get(name);
    if (existing !== undefined) return existing;
    let suffix = '';
    while (suffix.length < suffixLength)
      suffix += suffixAlphabet.charAt(Math.floor(this.random() * suffixAlphabet.length));
    const { region, accountId } = this.#options;
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
    this.#reservedArns.set(name, arn);
    return arn;
  }

  create(options: { name: string; description?: string | undefined; kmsKeyId?: string | undefined }): Secret {
    const existing = this.#live(options.name);
    if (existing?.deletion)
      throw invalidRequest(
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    if (existing)
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${options.name} already exists.`,
      );
    const now = this.now();
    const secret: Secret = {
      arn: this.arnOf(options.name),
      name: options.name,
      description: options.description,
      kmsKeyId: options.kmsKeyId,
      createdAt: now,
      changedAt: now,
      accessedAt: undefined,
      deletion: undefined,
      versions: new Map(),
      tags: new Map(),
    };
    this.#reservedArns.delete(options.name);
    this.#byName.set(secret.name, secret);
    return secret;
  }

  /**
   * Finds a secret by its name, its ARN, or its ARN without the six random characters; also one that is scheduled for
   * deletion.
   */
  find(id: string): Secret | undefined {
    const byName = this.#live(id);
    if (byName) return byName;
    const { region, accountId } = this.#options;
    const prefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    if (!id.startsWith(prefix)) return undefined;
    for (const secret of this.all()) if (secret.arn === id) return secret;
    return this.#live(id.slice(prefix.length));
  }

  /** As `find`, but an absent secret is AWS's error. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw notFound();
    return secret;
  }

  /** As `get`, but a secret that is scheduled for deletion is AWS's error, too. */
  usable(id: string): Secret {
    const secret = this.get(id);
    if (secret.deletion)
      throw invalidRequest(
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    return secret;
  }

  /** Every secret that still exists, oldest first. */
  all(): Secret[] {
    return [...this.#byName.keys()].map((name) => this.#live(name)).filter((secret) => secret !== undefined);
  }

  remove(secret: Secret): void {
    this.#byName.delete(secret.name);
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
      accessedAt: undefined,
      stages: new Set(),
    };
    const isFirst = secret.versions.size === 0;
    secret.versions.set(token, version);
    for (const stage of stages ?? [currentStage]) attachStage(secret.versions, version, stage);
    if (isFirst) attachStage(secret.versions, version, currentStage);
    secret.changedAt = now;
    dropDeprecated(secret.versions, now);
    return version;
  }

  #live(name: string): Secret | undefined {
    const secret = this.#byName.get(name);
    if (secret?.deletion && secret.deletion.dueAt <= this.now()) {
      this.#byName.delete(name);
      return undefined;
    }
    return secret;
  }
}
