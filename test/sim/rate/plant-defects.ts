import { buildDispatcher, type Defect, defects, noDefect } from './broken-dispatchers.ts';
import { findScene, type Scene } from './scenes.ts';
import { simulate } from './simulate.ts';
import { missesOf } from './verdict.ts';

export interface PlantedReport {
  readonly defect: string;
  readonly scene: string;
  /** The figures that it missed; of the control, none is expected. */
  readonly misses: readonly string[];
  readonly isAsExpected: boolean;
}

export interface Planting {
  readonly messages: number;
  readonly seed: number;
  readonly projectRoot: string;
}

/** Runs one defective dispatcher through the scene that must notice it. */
export async function plantDefect(defect: Defect, planting: Planting): Promise<PlantedReport> {
  const misses = await missesWith(defect, sceneOf(defect), planting);
  return { defect: defect.name, scene: defect.scene, misses, isAsExpected: misses.length > 0 };
}

/** Runs the dispatcher as it is, built in the same way, through a scene. */
export async function plantNothing(scene: Scene, planting: Planting): Promise<PlantedReport> {
  const misses = await missesWith(noDefect, scene, planting);
  return { defect: noDefect.name, scene: scene.name, misses, isAsExpected: misses.length === 0 };
}

/** Every defect, and nothing in each of the scenes that they use. */
export async function plantAll(
  planting: Planting,
  onReport: (report: PlantedReport) => void,
): Promise<readonly PlantedReport[]> {
  const reports: PlantedReport[] = [];
  const add = (report: PlantedReport) => {
    reports.push(report);
    onReport(report);
  };
  for (const scene of new Set(defects.map(sceneOf))) add(await plantNothing(scene, planting));
  for (const defect of defects) add(await plantDefect(defect, planting));
  return reports;
}

async function missesWith(
  defect: Pick<Defect, 'name' | 'changes'>,
  scene: Scene,
  { messages, seed, projectRoot }: Planting,
): Promise<readonly string[]> {
  const createDispatcher = await buildDispatcher(defect, projectRoot);
  const { vendor, ratePerSecond } = scene;
  const report = await simulate({ messages, seed, vendor, ratePerSecond, createDispatcher });
  return missesOf(scene, report);
}

function sceneOf({ scene: name }: Defect): Scene {
  const scene = findScene(name);
  if (scene === undefined) throw new Error(`there is no scene "${name}"`);
  return scene;
}
