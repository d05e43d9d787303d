import { InvalidArgumentError } from 'commander';

/** More at once is a load test, which a stage would have to pay for. */
const most = 10_000;

/** How often, as a number that was typed. */
export function readTimes(text: string): number {
  const times = Number(text);
  if (!Number.isInteger(times) || times < 1 || times > most)
    throw new InvalidArgumentError(`Give a number from 1 to ${most}.`);
  return times;
}
