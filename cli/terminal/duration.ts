/** From the smallest; of two names for one, the last is the one to write. */
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration in its two largest units: `2 d 3 h`, `4 min 10 s`, `0 s`. */
export function durationInWords(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'min', 's']) {
    const size = (unitMs[unit] ?? 0) / 1000;
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    // The second unit is the neighbour of the first: "1 d 5 s" would say more than it knows.
    else if (parts.length === 1) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** How long ago something was, or how far ahead it lies. Both in epoch milliseconds. */
export function ageInWords(then: number, now: number): string {
  const words = durationInWords(Math.abs(now - then) / 1000);
  return then > now ? `in ${words}` : `${words} ago`;
}

/** Whole milliseconds of a duration as it is typed: `90s`, `30m` or `30min`, `1.5h`, `2d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,7}(?:\.\d+)?)\s*(s|min|m|h|d)$/.exec(text.trim()) ?? [];
  return count === undefined ? undefined : Math.round(Number(count) * (unitMs[unit] ?? 0));
}

/** A duration in milliseconds as it can be typed, in the largest unit that it fills. */
export function typedDuration(durationMs: number): string {
  const [unit, size] =
    Object.entries(unitMs).findLast(([, each]) => durationMs % each === 0) ?? (['s', 1000] as const);
  return `${durationMs / size}${unit}`;
}
