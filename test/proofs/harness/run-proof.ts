import { formatFigure, missesIn } from './figures.ts';
import type { ProveOptions } from './options.ts';
import type { Defect, PlantOptions, Proof, Run } from './proof.ts';

export type Print = (text: string) => void;

/** Runs a proof over its parts and seeds, and prints what each run has shown. Resolves to whether every figure is met. */
export async function runProof(
  proof: Pick<Proof, 'runs'>,
  options: ProveOptions,
  print: Print,
): Promise<boolean> {
  const { seeds, counts, json } = options;
  const runs: (Run & { readonly tookSeconds: number })[] = [];
  const misses: string[] = [];
  let startedAt = performance.now();
  for await (const run of proof.runs?.(options) ?? []) {
    const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
    runs.push({ ...run, tookSeconds });
    misses.push(...missesIn(run.where, run.figures));
    if (!json) print(formatRun(run, tookSeconds));
    startedAt = performance.now();
  }
  if (runs.length === 0) misses.push('nothing was run');
  if (json) print(`${JSON.stringify({ seeds, counts, runs, misses }, null, 2)}\n`);
  else print(misses.length === 0 ? '\nEvery figure is met.\n' : `\n${misses.join('\n')}\n`);
  return misses.length === 0;
}

function formatRun({ where, details, figures }: Run, tookSeconds: number): string {
  const lines = [
    `\n${where}, in ${tookSeconds} s`,
    ...details.map((line) => `  ${line}`),
    ...figures.map(formatFigure),
  ];
  return `${lines.join('\n')}\n`;
}

/** What came of a defect. */
export interface Verdict {
  readonly defect: string;
  readonly where: string | undefined;
  readonly seed: number;
  readonly misses: readonly string[];
  readonly isAsExpected: boolean;
}

const control: Defect = { name: 'nothing', changes: [] };

/** The defects of the chosen parts, after a control for each part that has to notice one. */
export function plantingsOf({ parts, defects }: Proof, chosen = parts?.values ?? []): readonly Defect[] {
  const own = defects.filter(({ where }) => where === undefined || chosen.includes(where));
  const controls = [...new Set(own.map(({ where }) => where))].map(
    (where): Defect => (where === undefined ? control : { name: control.name, where, changes: [] }),
  );
  return [...controls, ...own];
}

export function isControl({ changes }: Defect): boolean {
  return changes?.length === 0;
}

/** Plants one defect and judges what came of it. */
export async function plantOne(
  proof: Pick<Proof, 'plant'>,
  defect: Defect,
  options: PlantOptions,
): Promise<Verdict> {
  const { name, where, shows = '' } = defect;
  const misses = (await proof.plant?.(defect, options)) ?? [];
  const isAsExpected = isControl(defect) ? misses.length === 0 : misses.some((miss) => miss.includes(shows));
  return { defect: name, where, seed: options.seed, misses, isAsExpected };
}

/** Plants one defect after the other, with every seed. Resolves to whether all were noticed, and nothing in a control. */
export async function runPlanted(proof: Proof, options: ProveOptions, print: Print): Promise<boolean> {
  const { seeds, parts, defect: words, json } = options;
  const plantings = plantingsOf(proof, parts).filter((one) => isControl(one) || one.name.includes(words));
  const verdicts: Verdict[] = [];
  for (const seed of seeds.length === 0 ? [0] : seeds) {
    for (const defect of plantings) {
      const verdict = await plantOne(proof, defect, { ...options, seed });
      verdicts.push(verdict);
      if (!json) print(formatVerdict(verdict, seeds.length > 0));
    }
  }
  const asExpected = verdicts.filter((verdict) => verdict.isAsExpected).length;
  if (json) print(`${JSON.stringify({ seeds, verdicts }, null, 2)}\n`);
  else print(`\n${asExpected} of ${verdicts.length} as expected.\n`);
  return asExpected === verdicts.length && !plantings.every(isControl);
}

/** Misses that are printed of each. */
const mostMisses = 2;

function formatVerdict({ defect, where, seed, misses, isAsExpected }: Verdict, isRandom: boolean): string {
  const found = misses.length === 0 ? 'no figure missed' : misses.slice(0, mostMisses).join('; ');
  const place = [...(where === undefined ? [] : [where]), ...(isRandom ? [`seed ${seed}`] : [])].join(', ');
  return `${isAsExpected ? 'ok    ' : 'WRONG '} ${defect}${place === '' ? '' : ` (${place})`}: ${found}\n`;
}

/** Every pair of a seed and a part, in the order in which they are run. */
export function* seedsAndParts<Part extends string>({
  seeds,
  parts,
}: {
  readonly seeds: readonly number[];
  readonly parts: readonly Part[];
}): Generator<{ readonly seed: number; readonly part: Part; readonly where: string }> {
  for (const seed of seeds) for (const part of parts) yield { seed, part, where: `${part}, seed ${seed}` };
}
