import { buildShipped, controls, type Defect, defects } from './defects.ts';
import { simulate } from './simulate.ts';
import { readStage } from './stage.ts';
import { missesOf } from './verdict.ts';

export interface PlantedReport {
  readonly defect: string;
  readonly policy: Defect['policy'];
  /** The figures that it missed; of the control, none is expected. */
  readonly misses: readonly string[];
  readonly isAsExpected: boolean;
}

export interface Planting {
  readonly messages: number;
  readonly seed: number;
  readonly projectRoot: string;
}

/** Things fail often enough for every defect to show in a small run. */
const usualHarshness = 6;

/** Runs the modules with one defect; or, for the control, as they are. */
export async function plant(
  defect: Defect,
  { messages, seed, projectRoot }: Planting,
): Promise<PlantedReport> {
  const { name, policy, changes, harshness = usualHarshness } = defect;
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(defect, projectRoot)]);
  const misses = missesOf(await simulate({ shipped, stage, messages, policy, seed, harshness }));
  return { defect: name, policy, misses, isAsExpected: misses.length > 0 === changes.length > 0 };
}

/** Every defect, and none under each policy. */
export async function plantAll(
  planting: Planting,
  onReport: (report: PlantedReport) => void,
): Promise<readonly PlantedReport[]> {
  const reports: PlantedReport[] = [];
  for (const defect of [...controls, ...defects]) {
    const report = await plant(defect, planting);
    reports.push(report);
    onReport(report);
  }
  return reports;
}
