import { createReceive } from '../../../lib/webhook/receive.ts';
import type { CreateReceiver } from './receiver.ts';

/** The use case itself, as the function wires it. */
export const receiveUseCase: CreateReceiver = (ports) => ({
  receive: createReceive({
    ...ports,
    statuses: { publish: () => Promise.resolve() },
    onStatusLost: () => {},
  }),
});
