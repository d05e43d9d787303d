/** The candidate that `word` is most likely a typo of, or undefined when none is close. Case does not count. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance: single-character insertions, deletions and substitutions. */
function editDistance(from: string, to: string): number {
  let distance = to.length;
  let above = Array.from({ length: to.length }, (_, index) => index + 1);
  for (let row = 1; row <= from.length; row++) {
    const current: number[] = [];
    let diagonal = row - 1;
    distance = row;
    for (const [index, insertion] of above.entries()) {
      const substitution = diagonal + (from[row - 1] === to[index] ? 0 : 1);
      distance = Math.min(substitution, insertion + 1, distance + 1);
      diagonal = insertion;
      current.push(distance);
    }
    above = current;
  }
  return distance;
}
