// Dispatchers with one defect each: the shipped sources with a line changed. A simulation that does not miss a figure
// with every one of them could not be believed when it passes.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import type { CreateDispatcher } from './sender.ts';

export interface Defect {
  readonly name: string;
  /** The scene that must notice. */
  readonly scene: string;
  /** In a file of `lib/delivery`. What is to be found must be there exactly once. */
  readonly changes: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
}

/** The control: built in the same way, it must reach every figure. */
export const noDefect: Omit<Defect, 'scene'> = { name: 'nothing', changes: [] };

export const defects: readonly Defect[] = [
  {
    name: 'saves up tokens while nothing waits, and starts with a burst',
    scene: 'healthy-160',
    changes: [
      { file: 'pace.ts', find: 'isAwaited ? longestDebtIntervals * intervalMs : 0', replace: '60_000' },
      { file: 'pace.ts', find: '(starts.at(-mostInASecond) ?? -Infinity) + secondMs - now', replace: '0' },
    ],
  },
  {
    name: 'never catches up on late timers',
    scene: 'healthy-200',
    changes: [{ file: 'pace.ts', find: 'isAwaited ? longestDebtIntervals * intervalMs : 0', replace: '0' }],
  },
  {
    name: 'does not slow down on 429',
    scene: 'hard-limit',
    changes: [{ file: 'pace.ts', find: 'ratePerSecond * cutFactor', replace: 'ratePerSecond' }],
  },
  {
    name: 'never regains its rate',
    scene: 'bursts-of-429',
    changes: [{ file: 'pace.ts', find: 'ratePerSecond + regainPerAnswer', replace: 'ratePerSecond' }],
  },
  {
    name: 'refills the slots that failures left',
    scene: 'silence-10-minutes',
    changes: [{ file: 'window.ts', find: 'slots - slotsPerFailure', replace: 'slots' }],
  },
  {
    name: 'never opens its breaker',
    scene: 'errors-10-minutes',
    changes: [
      { file: 'breaker.ts', find: "    phase = 'open';", replace: "    phase = 'closed';" },
      { file: 'window.ts', find: 'slots - slotsPerFailure', replace: 'slots' },
    ],
  },
  {
    name: 'leaves the decision to nobody when its window is closed',
    scene: 'errors-10-minutes',
    changes: [{ file: 'dispatcher.ts', find: 'if (window.isClosed &&', replace: 'if (false &&' }],
  },
  {
    name: 'closes its breaker after the probe, without a trial',
    scene: 'silence-to-sends-only-60-minutes',
    changes: [{ file: 'gate.ts', find: 'breaker.try();', replace: 'breaker.close(now);' }],
  },
  {
    name: 'sends more than one message on trial',
    scene: 'silence-to-sends-only-60-minutes',
    changes: [{ file: 'gate.ts', find: "state === 'trial' && trial !== undefined", replace: 'false' }],
  },
];

/** Bundles the shipped dispatcher with the changes of a defect. `projectRoot` is a path. */
export async function buildDispatcher(
  { name, changes }: Pick<Defect, 'name' | 'changes'>,
  projectRoot: string,
): Promise<CreateDispatcher> {
  const applied = new Set<string>();
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, 'lib/delivery/dispatcher.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
    plugins: [
      {
        name: 'plant-defect',
        setup(context) {
          context.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            let contents = await readFile(path, 'utf8');
            for (const { file, find, replace } of changes.filter(
              (change) => change.file === basename(path),
            )) {
              if (contents.split(find).length !== 2)
                throw new Error(`"${find}" is not exactly once in ${file}, for a dispatcher that ${name}`);
              contents = contents.replace(find, () => replace);
              applied.add(find);
            }
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  for (const { find, file } of changes)
    if (!applied.has(find)) throw new Error(`${file} is not part of the dispatcher`);
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  const built: { readonly createDispatcher: CreateDispatcher } = await import(
    /* @vite-ignore */ `data:text/javascript;base64,${code}`
  );
  return built.createDispatcher;
}
