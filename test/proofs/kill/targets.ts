import { createHash } from 'node:crypto';
import type { Death } from './points.ts';

/** A message of the run, and what the harness knows about it from outside. */
export interface Target {
  readonly id: string;
  readonly recipient: string;
  /** Of its ledger entry. */
  readonly key: string;
  readonly body: string;
  /** What is put on the queue twice is delivered twice, perhaps to two workers at once. */
  readonly isTwin: boolean;
  /** How the next worker that handles it is to die. */
  death: Death | undefined;
  /** At the fake Connectly, for this message. */
  readonly faults: string[];
  /** The process whose claim was granted and that has not recorded an end. */
  holder: number | undefined;
  /** Of the claim that was granted last. */
  attempt: string | undefined;
  /** Whether a copy of it has come to the outcomes queue. */
  isParked: boolean;
  /** How many attempts ended without anybody knowing what Connectly did: one more acceptance each is explained. */
  unclearAttempts: number;
}

export interface TargetOptions {
  readonly number: number;
  readonly businessId: string;
  readonly policy: string;
  readonly isTwin: boolean;
}

export function createTarget({ number, businessId, policy, isTwin }: TargetOptions): Target {
  const id = `kill-${number}`;
  const recipient = `+1555${String(number).padStart(7, '0')}`;
  return {
    id,
    recipient,
    // Worked out here once more, so that a change of the key shows.
    key: createHash('sha256')
      .update(JSON.stringify([businessId, id]))
      .digest('hex'),
    body: JSON.stringify({
      type: 'template',
      to: recipient,
      templateName: 'order_ready',
      id,
      ifUnclear: policy,
    }),
    isTwin,
    death: undefined,
    faults: [],
    holder: undefined,
    attempt: undefined,
    isParked: false,
    unclearAttempts: 0,
  };
}

/** The id in the body of a message on a queue; undefined for anything else. */
export function idOf(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined;
  const json: unknown = JSON.parse(body);
  return typeof json === 'object' && json !== null && 'id' in json && typeof json.id === 'string'
    ? json.id
    : undefined;
}
