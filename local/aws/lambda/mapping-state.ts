import type { Clock } from '../../clock.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';

/** The states of AWS's that a mapping goes through after it has been created. */
export type MappingStateName = 'Enabled' | 'Enabling' | 'Disabled' | 'Disabling';

/** How long a change takes at least, in milliseconds. AWS takes up to a minute: who does not wait is to notice here, too. */
const transitionMs = 1_000;

/** Whether a mapping polls, and how one sees that change. */
export class MappingState {
  readonly #clock: Clock;
  readonly #mapping: EventSourceMapping;
  #transition: 'Enabling' | 'Disabling' | undefined;
  #modifiedAt: number;

  constructor(mapping: EventSourceMapping, clock: Clock) {
    this.#mapping = mapping;
    this.#clock = clock;
    this.#modifiedAt = clock.now();
  }

  get name(): MappingStateName {
    return this.#transition ?? (this.#mapping.enabled ? 'Enabled' : 'Disabled');
  }

  /** Epoch milliseconds. */
  get modifiedAt(): number {
    return this.#modifiedAt;
  }

  /** False while an earlier change is under way, which has to end first. */
  change(enabled: boolean): boolean {
    if (this.#transition !== undefined) return false;
    if (enabled === this.#mapping.enabled) return true;
    this.#transition = enabled ? 'Enabling' : 'Disabling';
    this.#modifiedAt = this.#clock.now();
    void this.#carryOut(enabled).finally(() => {
      this.#transition = undefined;
    });
    return true;
  }

  /** Disabled is told only once nothing is received any more and what was has gone back; running batches go on. */
  async #carryOut(enabled: boolean): Promise<void> {
    if (!enabled) this.#mapping.pause();
    await new Promise<void>((resolve) => void this.#clock.after(transitionMs, resolve));
    if (enabled) this.#mapping.resume();
    else await this.#mapping.untilPaused();
  }
}
