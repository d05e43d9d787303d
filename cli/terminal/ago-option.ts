import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from './duration.ts';

/** An option that takes a duration such as `10m`. Its value is in seconds. */
export function agoOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(seconds).default(seconds(byDefault), byDefault);
}

function seconds(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined)
    throw new InvalidArgumentError('Give a number and a unit, such as 90s, 10m, 4h or 2d.');
  return duration;
}
