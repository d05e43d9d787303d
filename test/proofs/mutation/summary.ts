import * as z from 'zod';
import type { ExplainedSurvivor } from './survivors.ts';

const position = z.object({ line: z.number(), column: z.number() });
const mutantSchema = z.object({
  mutatorName: z.string(),
  replacement: z.string().optional(),
  status: z.string(),
  location: z.object({ start: position, end: position }),
});
/** Stryker's report, as far as it is read here: https://github.com/stryker-mutator/mutation-testing-elements. */
export const reportSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.string(), mutants: z.array(mutantSchema) })),
});
export type MutationReport = z.infer<typeof reportSchema>;
type Mutant = z.infer<typeof mutantSchema>;

export interface FileScore {
  readonly file: string;
  readonly killed: number;
  readonly survived: number;
  /** In code that runs once, at import; left out of the score. */
  readonly ignored: number;
}

/** A mutant that no test noticed. */
export type Survivor = Omit<ExplainedSurvivor, 'reason'>;

export interface Summary {
  readonly files: readonly FileScore[];
  readonly survivors: readonly (Survivor & { readonly reason: string | undefined })[];
  /**
   * Explanations whose mutant a test has noticed, or that is no more. One that ran out of time, as any may on a busy
   * machine, is not among them.
   */
  readonly stale: readonly ExplainedSurvivor[];
}

/** What a mutation run has found, and which of its survivors are explained. */
export function summarize(report: MutationReport, explained: readonly ExplainedSurvivor[]): Summary {
  const files = Object.entries(report.files).map(([file, { mutants }]) => scoreOf(file, mutants));
  const found = (isWanted: (mutant: Mutant) => boolean) =>
    Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
      mutants.filter(isWanted).map((mutant) => survivorOf(file, source, mutant)),
    );
  const survivors = found(isSurvivor).map((survivor) =>
    Object.assign(survivor, { reason: explained.find((each) => same(each, survivor))?.reason }),
  );
  const unnoticed = found((mutant) => isSurvivor(mutant) || mutant.status === 'Timeout');
  const stale = explained.filter((each) => !unnoticed.some((mutant) => same(each, mutant)));
  return { files, survivors, stale };
}

/** The share of mutants that a test noticed, in percent. */
export function scorePercent(files: readonly Pick<FileScore, 'killed' | 'survived'>[]): number {
  const killed = files.reduce((sum, file) => sum + file.killed, 0);
  const survived = files.reduce((sum, file) => sum + file.survived, 0);
  return (100 * killed) / (killed + survived);
}

function scoreOf(file: string, mutants: readonly Mutant[]): FileScore {
  return {
    file,
    killed: mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
    survived: mutants.filter(isSurvivor).length,
    ignored: mutants.filter(({ status }) => status === 'Ignored').length,
  };
}

function isSurvivor({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function survivorOf(file: string, source: string, { location, replacement = '' }: Mutant): Survivor {
  const lines = source.split('\n');
  const { start, end } = location;
  // Stryker counts lines and columns from 1.
  const text = lines.slice(start.line - 1, end.line);
  const last = text.length - 1;
  text[last] = (text[last] ?? '').slice(0, end.column - 1);
  text[0] = (text[0] ?? '').slice(start.column - 1);
  const line = (lines[start.line - 1] ?? '').trim();
  return { file, line, original: oneLine(text.join('\n')), replacement: oneLine(replacement) };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function same(one: Survivor, other: Survivor): boolean {
  return (
    one.file === other.file &&
    one.line === other.line &&
    one.original === other.original &&
    one.replacement === other.replacement
  );
}
