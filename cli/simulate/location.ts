import { degreesUpTo, present } from '../terminal/option-values.ts';
import { inboundBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

interface Options {
  readonly latitude: number;
  readonly longitude: number;
  readonly from?: string;
}

/** `relay simulate location` */
export const simulateLocation = defineSimulate<Options>({
  examples: [
    'simulate location --latitude 49.2827 --longitude -123.1207',
    'simulate location --set message.location.name=Shop --repeat 3',
  ],
  define: (command) =>
    command
      .option('--latitude <degrees>', 'from -90 to 90', degreesUpTo(90), 49.2827)
      .option('--longitude <degrees>', 'from -180 to 180', degreesUpTo(180), -123.1207)
      .option('--from <customer>', 'a number, or a business-scoped user id; by default +16315555500'),
  body: ({ latitude, longitude, from }, source) =>
    inboundBody({ kind: 'location', location: { latitude, longitude }, ...present({ from }) }, source),
});
