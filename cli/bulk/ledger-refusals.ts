import { CommandError, configurationError } from '../errors.ts';
import type { LedgerHeader } from './ledger-format.ts';

/** What to type next. */
export interface WhatToType {
  /** To queue the rest of what the ledger is about. */
  readonly goOn: string;
  /** To queue something else, with a ledger of its own. */
  readonly beginAnother: string;
}

export interface OtherOptions {
  readonly name: string;
  readonly found: Pick<LedgerHeader, 'input' | 'messages' | 'queue' | 'place'>;
  /** Of a run without a target, the queue is not known. */
  readonly wanted: Pick<LedgerHeader, 'input' | 'messages'> & Partial<Pick<LedgerHeader, 'queue' | 'place'>>;
  readonly type: WhatToType;
}

/** Throws when a ledger is about something else than what is wanted. */
export function refuseOther({ name, found, wanted, type }: OtherOptions): void {
  refuseOtherInput(name, found, wanted.input);
  if (wanted.queue !== undefined && found.queue !== wanted.queue)
    throw otherTarget(name, found, wanted.place);
  if (found.messages !== wanted.messages) {
    throw configurationError(
      'options-changed',
      `With these options other messages would be sent than those that ${name} is about (to go on with those: ${type.goOn}). To send these besides, to the same list (rows that have an id need another one): ${type.beginAnother}`,
    );
  }
}

export function refuseOtherInput(name: string, found: Pick<LedgerHeader, 'input'>, input: string): void {
  if (found.input === input) return;
  throw configurationError(
    'input-changed',
    `The input is not the one that ${name} is about: it has changed since. Nothing was queued. Restore it and --resume; or give what is left as a file of its own.`,
  );
}

export function nothingBegun(name: string): CommandError {
  return configurationError(
    'no-ledger',
    `There is nothing to go on with: ${name} does not exist, or says nothing. Leave out --resume to begin.`,
  );
}

const local = '--local';

function otherTarget(
  name: string,
  found: Pick<LedgerHeader, 'place'>,
  wanted: string | undefined,
): CommandError {
  return configurationError(
    'other-target',
    found.place === local && wanted === local
      ? `${name} is about a local stack that has ended. This one is new, with nothing in it: remove ${name} to begin again.`
      : `${name} is about another place: ${found.place}. Name that one to go on, or another ledger to queue the rows here, too: --ledger FILE`,
  );
}
