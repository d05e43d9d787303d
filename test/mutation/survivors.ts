/** A mutant that no test beside its module can or should tell apart, and why. */
export interface ExplainedSurvivor {
  readonly file: string;
  /** The source line that it is on, without the blanks around it. */
  readonly line: string;
  /** What was replaced, and by what. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

export const explainedSurvivors: readonly ExplainedSurvivor[] = [];
