import type { SuiteOptions } from './suite.ts';

/** What came of a planted defect; or, for a control, of none. */
export interface PlantedReport {
  readonly defect: string;
  /** In which run it had to show, such as a policy or a scene. */
  readonly where: string;
  /** The figures that were missed, a line each. */
  readonly misses: readonly string[];
  readonly isAsExpected: boolean;
}

/** Plants one defect after the other, with every seed, and prints what came of each. Resolves to whether all were noticed. */
export async function runPlanted<Defect>(
  { seeds, json }: Pick<SuiteOptions, 'seeds' | 'json'>,
  defects: readonly Defect[],
  plant: (defect: Defect, seed: number) => Promise<PlantedReport>,
): Promise<boolean> {
  const reports: (PlantedReport & { readonly seed: number })[] = [];
  for (const seed of seeds) {
    for (const defect of defects) {
      const report = { ...(await plant(defect, seed)), seed };
      reports.push(report);
      if (!json) process.stdout.write(formatPlanted(report));
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ seeds, reports }, null, 2)}\n`);
  return reports.every(({ isAsExpected }) => isAsExpected);
}

function formatPlanted(report: PlantedReport & { readonly seed: number }): string {
  const { defect, where, seed, misses, isAsExpected } = report;
  const found = misses.length === 0 ? 'no figure missed' : misses.join('; ');
  return `${isAsExpected ? 'ok    ' : 'WRONG '} ${defect} (${where}, seed ${seed}): ${found}\n`;
}
