import { degreesUpTo } from './degrees.ts';
import { present } from './message-options.ts';
import { defineSend } from './send-command.ts';

interface LocationOptions {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
  readonly address?: string;
}

/** `relay send location` */
export const sendLocation = defineSend<LocationOptions>({
  examples: [
    'send location --to +15555555555 --latitude 49.2827 --longitude -123.1207',
    'send location --to +15555555555 --latitude 49.2827 --longitude -123.1207 --name Shop --address "1 Main St"',
  ],
  define: (command) =>
    command
      .requiredOption('--latitude <degrees>', 'from -90 to 90', degreesUpTo(90))
      .requiredOption('--longitude <degrees>', 'from -180 to 180', degreesUpTo(180))
      .option('--name <text>', 'of the place')
      .option('--address <text>', 'of the place'),
  content: ({ latitude, longitude, name, address }) => ({
    type: 'session',
    message: { location: present({ latitude, longitude, name, address }) },
  }),
});
