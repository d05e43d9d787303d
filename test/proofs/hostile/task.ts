/** The keys that the sender has, one after the other; whoever sees one of them but the configured host has been told. */
export const keys = { old: 'hostile-key-canary-1', renewed: 'hostile-key-canary-2' } as const;

/** What a whole answer of 2xx calls the message. */
export const vendorId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** One thing to do for the process with the sender in it. */
export interface Task {
  readonly id: number;
  readonly url: string;
  /** The deployed one unless given. */
  readonly deadlineMs?: number;
  readonly calls: readonly ('send' | 'read')[];
  readonly isLarge: boolean;
  /** Between two calls. */
  readonly restMs: number;
  readonly businessId: string;
}

/** What became of one call. */
export type Verdict =
  | 'accepted'
  | 'accepted without an id'
  | 'accepted with a wrong id'
  | 'refused by its code'
  | 'refused'
  | 'not sent'
  | 'turned down'
  | 'configuration fault'
  | 'unclear'
  | 'never ends'
  | 'rejects'
  /** Its process is gone. */
  | 'crashes';

export interface TaskReport {
  readonly id: number;
  readonly verdicts: readonly Verdict[];
  /** The most that the process ever had in memory, in bytes. */
  readonly mostMemoryBytes: number;
}
