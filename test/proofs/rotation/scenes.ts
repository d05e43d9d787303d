import type { Figure } from '../harness/figures.ts';
import type { Shipped } from '../harness/shipped.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { keyScenes, rotateApiKey } from './key-rotations.ts';
import { keyFigures, outageFigures, webhookFigures } from './verdict.ts';
import { losesSecretsManager } from './webhook-outage.ts';
import { rotateWebhookSecret, webhookScenes } from './webhook-rotations.ts';

export interface SceneOptions {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly rotations: number;
  readonly seed: number;
}

export interface SceneRun {
  readonly figures: readonly Figure[];
  /** Everything that was counted. */
  readonly counts: object;
}

const outage = 'webhook-outage';

export const sceneNames = [
  ...webhookScenes.map(({ name }) => name),
  outage,
  ...keyScenes.map(({ name }) => name),
] as const;

export type SceneName = (typeof sceneNames)[number];

/** Runs one scene in virtual time. */
export async function runScene(name: SceneName, options: SceneOptions): Promise<SceneRun> {
  const { shipped, stage, rotations, seed } = options;
  if (name === outage) {
    const counts = await losesSecretsManager({ shipped, seed });
    return { counts, figures: outageFigures(counts) };
  }
  const webhookScene = webhookScenes.find((scene) => scene.name === name);
  if (webhookScene !== undefined) {
    const counts = await rotateWebhookSecret({ shipped, scene: webhookScene, rotations, seed });
    return { counts, figures: webhookFigures(counts, webhookScene) };
  }
  const scene = keyScenes.find((one) => one.name === name);
  if (scene === undefined) throw new Error(`there is no scene ${name}`);
  const counts = await rotateApiKey({ shipped, stage, scene, rotations, seed });
  return { counts, figures: keyFigures(counts, scene) };
}
