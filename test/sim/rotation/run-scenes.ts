import type { Stage } from '../delivery/stage.ts';
import { buildFunctionCode, type FunctionCode, type FunctionName, type Planted } from '../deployed/function-code.ts';
import { keyScenes, rotateApiKey } from './key-rotations.ts';
import { type Figure, keyFigures, outageFigures, webhookFigures } from './verdict.ts';
import { losesSecretsManager } from './webhook-outage.ts';
import { rotateWebhookSecret, webhookScenes } from './webhook-rotations.ts';

export interface SceneRun {
  readonly scene: string;
  readonly seed: number;
  readonly figures: readonly Figure[];
  /** Everything that was counted. */
  readonly counts: object;
  readonly tookSeconds: number;
}

export interface ScenesOptions {
  readonly stage: Stage;
  readonly rotations: number;
  readonly seed: number;
  readonly projectRoot: string;
  /** A defect in the shipped modules; none unless given. */
  readonly planted?: Planted;
  /** Only scenes whose name begins so. */
  readonly only?: string;
}

export const outageScene = 'webhook without Secrets Manager, a day and an hour';

/** Runs the scenes one after the other. */
export async function* runScenes(options: ScenesOptions): AsyncGenerator<SceneRun> {
  const { stage, rotations, seed, projectRoot, planted, only = '' } = options;
  const functions = await buildFunctionCode(['receive-webhook', 'send-message'], projectRoot, planted);
  const receive = codeOf(functions, 'receive-webhook');
  const send = codeOf(functions, 'send-message');

  const runs: readonly { readonly scene: string; readonly run: () => Promise<Omit<SceneRun, 'scene' | 'seed' | 'tookSeconds'>> }[] = [
    ...webhookScenes.map((scene) => ({
      scene: scene.name,
      run: async () => {
        const counts = await rotateWebhookSecret({ code: receive, scene, rotations, seed });
        return { counts, figures: webhookFigures(counts, scene) };
      },
    })),
    {
      scene: outageScene,
      run: async () => {
        const counts = await losesSecretsManager({ code: receive, seed });
        return { counts, figures: outageFigures(counts) };
      },
    },
    ...keyScenes(rotations).map((scene) => ({
      scene: scene.name,
      run: async () => {
        const counts = await rotateApiKey({ code: send, stage, scene, rotations, seed });
        return { counts, figures: keyFigures(counts, scene) };
      },
    })),
  ];
  for (const { scene, run } of runs.filter((one) => one.scene.startsWith(only))) {
    const startedAt = performance.now();
    const found = await run();
    yield { scene, seed, ...found, tookSeconds: Math.round((performance.now() - startedAt) / 1_000) };
  }
}

function codeOf(functions: ReadonlyMap<FunctionName, FunctionCode>, name: FunctionName): FunctionCode {
  const code = functions.get(name);
  if (code === undefined) throw new Error(`there is no function ${name}`);
  return code;
}
