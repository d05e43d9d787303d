import { InvalidArgumentError } from 'commander';

/** Degrees of latitude or longitude as they are typed. */
export function readDegrees(text: string): number {
  const degrees = Number(text);
  if (text.trim() === '' || !Number.isFinite(degrees))
    throw new InvalidArgumentError('Give degrees, like 49.2827.');
  return degrees;
}
