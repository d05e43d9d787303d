import { setTimeout as sleep } from 'node:timers/promises';

/** How long anything may take on the slowest of machines, in milliseconds: a test that waits so long has failed. */
export const patienceMs = 60_000;

export interface WaitingOptions {
  readonly forMs?: number;
  /** Called before each further question; moves virtual time on, for a stack that has it. */
  readonly meanwhile?: () => Promise<void>;
  /** What there is to say when it never came. */
  readonly orSay?: () => Promise<string>;
}

/** What is neither undefined nor false. */
export type Found<Value> = Exclude<Value, undefined | false>;

/** Asks again and again; resolves to the first value that is there. Rejects, naming `what`, after a long time. */
export async function eventually<Value>(
  what: string,
  find: () => Value | Promise<Value>,
  { forMs = patienceMs, meanwhile, orSay }: WaitingOptions = {},
): Promise<Found<Value>> {
  const deadline = Date.now() + forMs;
  for (;;) {
    const found = await find();
    if (isFound(found)) return found;
    if (Date.now() > deadline) {
      const said = await orSay?.();
      throw new Error([`Waited in vain for ${what}.`, ...(said === undefined ? [] : [said])].join('\n'));
    }
    await meanwhile?.();
    await sleep(20);
  }
}

function isFound<Value>(value: Value): value is Found<Value> {
  return value !== undefined && value !== false;
}
