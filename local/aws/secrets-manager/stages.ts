import { Buffer } from 'node:buffer';

/** The labels Secrets Manager gives out itself; any other label is the caller's own. */
export const currentStage = 'AWSCURRENT';
export const previousStage = 'AWSPREVIOUS';
export const pendingStage = 'AWSPENDING';

export type SecretValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Buffer };

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: number;
  readonly stages: Set<string>;
  accessedAt: number | undefined;
}

export type Versions = Map<string, SecretVersion>;

export function versionAtStage(versions: Versions, stage: string): SecretVersion | undefined {
  for (const version of versions.values()) if (version.stages.has(stage)) return version;
  return undefined;
}

/**
 * Moves a label to a version. A label is on one version at a time, and whoever loses AWSCURRENT becomes AWSPREVIOUS.
 */
export function attachStage(versions: Versions, target: SecretVersion, stage: string): void {
  const holder = versionAtStage(versions, stage);
  if (holder === target) return;
  holder?.stages.delete(stage);
  target.stages.add(stage);
  if (stage !== currentStage || holder === undefined) return;
  versionAtStage(versions, previousStage)?.stages.delete(previousStage);
  holder.stages.add(previousStage);
}

export function sameValue(one: SecretValue, other: SecretValue): boolean {
  if (one.kind === 'string') return other.kind === 'string' && one.text === other.text;
  return other.kind === 'binary' && one.bytes.equals(other.bytes);
}

/** Secrets Manager keeps about 100 versions. */
const maxVersions = 100;
const dayMs = 24 * 60 * 60 * 1000;

/** Forgets the oldest versions without a label once there are too many; never one younger than 24 hours. */
export function dropDeprecated(versions: Versions, now: number): void {
  for (const version of versions.values()) {
    if (versions.size <= maxVersions) return;
    if (version.stages.size === 0 && now - version.createdAt >= dayMs) versions.delete(version.id);
  }
}
