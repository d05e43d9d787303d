import type { Buffer } from 'node:buffer';
import { invalidParameter, noSuchVersion } from './errors.ts';

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

/**
 * Moves or takes away a label, with AWS's two safeguards: whoever moves a label names the version that loses it, and
 * AWSCURRENT is never left without a version.
 */
export function moveStage(
  versions: Versions,
  move: { label: string; moveTo: string | undefined; removeFrom: string | undefined },
): void {
  const { label, moveTo, removeFrom } = move;
  const holder = versionAtStage(versions, label);
  for (const id of [moveTo, removeFrom]) {
    if (id !== undefined && !versions.has(id)) throw noSuchVersion(id);
  }
  const target = moveTo === undefined ? undefined : versions.get(moveTo);
  if (removeFrom !== undefined && holder?.id !== removeFrom)
    throw invalidParameter(
      `When you move staging label ${label}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${label}.`,
    );
  if (target) {
    if (holder && holder !== target && removeFrom === undefined)
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    attachStage(versions, target, label);
  } else if (removeFrom === undefined) {
    throw invalidParameter('You must provide MoveToVersionId, RemoveFromVersionId, or both.');
  } else if (label === currentStage) {
    throw invalidParameter(
      `You can only move staging label ${currentStage} to a different secret version. It can’t be completely removed.`,
    );
  } else {
    holder?.stages.delete(label);
  }
}
