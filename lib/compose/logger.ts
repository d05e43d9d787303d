import type { SendConfig, SettleConfig } from '../config.ts';
import { troubles } from '../delivery/troubles.ts';
import { createLogger, type Logger } from '../logger.ts';
import type { Outside } from './outside.ts';

/** The logger of a function that has to do with sends: it counts troubles besides. */
export function composeSendsLogger(
  { stage, logLevel: level }: Pick<SendConfig | SettleConfig, 'stage' | 'logLevel'>,
  { clock, write: output }: Pick<Outside, 'clock' | 'write'>,
): Logger {
  return createLogger({ stage, level, output, now: () => clock.now(), countedBesides: troubles });
}
