import type { Readable, Writable } from 'node:stream';

/** Where a person is asked: `process`, or what stands in for it in a test. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}
