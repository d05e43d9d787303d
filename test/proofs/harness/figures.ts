/** A figure of a run beside what it must be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What must not happen at all. */
export function none(name: string, value: number): Figure {
  return { name, value, atMost: 0 };
}

export function isMet({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean {
  return value >= atLeast && value <= atMost;
}

/** The figures that are missed, a line each. `where` says in which run. */
export function missesIn(where: string, figures: readonly Figure[]): readonly string[] {
  return figures
    .filter((figure) => !isMet(figure))
    .map((figure) => `${where}: ${figure.name} is ${rounded(figure.value)}, must be ${limitOf(figure)}`);
}

export function formatFigure(figure: Figure): string {
  const verdict = isMet(figure) ? 'ok    ' : 'MISSED';
  return `  ${verdict} ${figure.name}: ${rounded(figure.value)} (${limitOf(figure)})`;
}

/** Counts as a reader sees them: `3 x timeout; 1 x reset`. */
export function formatCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} x ${name}`)
    .join('; ');
}

export function rounded(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

function limitOf({ atLeast, atMost }: Figure): string {
  if (atLeast !== undefined && atLeast === atMost) return `exactly ${rounded(atLeast)}`;
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${rounded(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${rounded(atMost)}`]),
  ];
  return limits.join(', ');
}
