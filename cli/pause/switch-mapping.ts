import { interruptedError, partlyDoneError } from '../errors.ts';

export interface SwitchableMapping {
  /** Lambda's word: Enabled, Enabling, Disabled, Disabling, Creating, Updating or Deleting. */
  state(): Promise<string>;
  /** Asks for a change; false while an earlier one is under way. */
  ask(enabled: boolean): Promise<boolean>;
}

export interface SwitchOptions {
  readonly wanted: 'Enabled' | 'Disabled';
  /** Waits for a second. Rejects when the command is interrupted. */
  readonly second: () => Promise<void>;
  /** Of the command. */
  readonly signal: AbortSignal;
  /** Options that name the target, for the commands that an error tells to type. */
  readonly targetOptions: string;
}

/** AWS takes up to a minute for a change; twice, where an earlier one goes first, and some more. */
const patienceSeconds = 180;

/**
 * Switches a mapping and waits until it has happened. Resolves to whether that took a change. An interruption before
 * the change leaves everything as it was; one after it says that the change goes on by itself.
 */
export async function switchMapping(
  mapping: SwitchableMapping,
  { wanted, second, signal, targetOptions }: SwitchOptions,
): Promise<boolean> {
  const other = wanted === 'Enabled' ? 'Disabled' : 'Enabled';
  const back = `${wanted === 'Enabled' ? 'npx relay pause' : 'npx relay resume'} ${targetOptions}`;
  const look = `npx relay status ${targetOptions}`;
  let changed = false;
  try {
    for (let seconds = 0; seconds < patienceSeconds; seconds += 1) {
      const state = await mapping.state();
      if (state === wanted) return changed;
      if (state === other && (await mapping.ask(wanted === 'Enabled'))) changed = true;
      await second();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interruptedError(
      changed
        ? `Interrupted. AWS has been asked and goes on by itself. To look: ${look}. To take it back: ${back}`
        : 'Interrupted before anything was changed.',
    );
  }
  throw partlyDoneError(
    'mapping-slow',
    `AWS has not finished in ${patienceSeconds} s, and may still do so. To look: ${look}. To take it back: ${back}`,
  );
}

export interface IdleOptions {
  /** How many messages SQS believes to be out of sight. */
  readonly outOfSight: () => Promise<number>;
  /** The longest that an invocation can go on. */
  readonly timeoutSeconds: number;
  readonly second: () => Promise<void>;
}

/**
 * Waits until no batch can be with the function of a disabled mapping any more: no message is out of sight, or the
 * function's time is over. What is out of sight after that waits for another try.
 */
export async function untilIdle({ outOfSight, timeoutSeconds, second }: IdleOptions): Promise<void> {
  for (let seconds = 0; seconds < timeoutSeconds; seconds += 1) {
    if ((await outOfSight()) === 0) return;
    await second();
  }
}
