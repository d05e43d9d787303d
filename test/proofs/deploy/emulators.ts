import type { Emulator } from './emulator.ts';
import { miniStack } from './ministack/ministack.ts';
import { moto } from './moto/moto.ts';

/** By what is typed after `--emulator`. */
export const emulators = { moto, ministack: miniStack } satisfies Record<string, Emulator>;
