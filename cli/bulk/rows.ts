import type { Problem } from '../../lib/message/parse.ts';

/** A row of the input, whatever its format. */
export interface Row {
  /** From 1, without the header. */
  readonly number: number;
  /** Where it begins in the input, from 1. */
  readonly line: number;
  /** As it stands there, without the line feed at its end. */
  readonly raw: string;
  /** The fields of its message, as far as they could be read. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What kept them from being read. */
  readonly problems: readonly Problem[];
}

/** What `relay bulk` has been given. */
export interface BulkInput {
  readonly format: 'csv' | 'ndjson';
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** The first line of a CSV, which a file of failed rows begins with, too. */
  readonly header: string | undefined;
  readonly rows: readonly Row[];
}
