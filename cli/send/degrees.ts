import { InvalidArgumentError } from 'commander';

/** Degrees as they are typed: of latitude up to 90, of longitude up to 180, on either side of zero. */
export function degreesUpTo(most: 90 | 180): (text: string) => number {
  return (text) => {
    const degrees = Number(text);
    if (text.trim() === '' || !(Math.abs(degrees) <= most))
      throw new InvalidArgumentError(`Give degrees from -${most} to ${most}, like 49.2827.`);
    return degrees;
  };
}
