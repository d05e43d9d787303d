// The batch runner alone, with everything that handling a record can come to.
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import { createRandom, type Random } from '../harness/random.ts';
import type { Shipped } from '../harness/shipped.ts';
import { failedIdsOf } from './response-schema.ts';

export interface RunnerReport {
  readonly batches: number;
  readonly records: number;
  readonly wrong: readonly string[];
}

const blank: Omit<SqsRecord, 'messageId'> = {
  body: '',
  receiptHandle: '',
};

const sizes = [0, 1, 1, 2, 3, 5, 10, 10, 10, 30];

/** What handling a record comes to. Only the first means that the queue may forget it. */
const ends = [
  'done',
  'not done',
  'throws',
  'rejects',
  'rejects with a text',
  'rejects with nothing',
] as const;

function handlingOf(end: (typeof ends)[number]): Promise<boolean> {
  switch (end) {
    case 'done':
      return Promise.resolve(true);
    case 'not done':
      return Promise.resolve(false);
    case 'throws':
      throw new Error('thrown');
    case 'rejects':
      return Promise.reject(new TypeError('rejected'));
    case 'rejects with a text':
      return rejecting('a text');
    case 'rejects with nothing':
      return rejecting(undefined);
  }
}

/** What others throw is not always an error. */
function rejecting(reason: unknown): Promise<never> {
  return new Promise((_, reject: (reason: unknown) => void) => reject(reason));
}

/** Runs random batches and holds the response against what each record came to. */
export async function runRunner(
  runBatch: Shipped['runBatch'],
  batches: number,
  seed: number,
): Promise<RunnerReport> {
  const random = createRandom(seed, 2);
  const wrong: string[] = [];
  let records = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const plan = planOf(random);
    records += plan.length;
    const left = [...plan];
    // In the order of the records, whatever their ids are.
    const handle = async () => {
      const end = left.shift()?.end ?? 'done';
      if (random.chance(0.3)) await Promise.resolve();
      return handlingOf(end);
    };
    const onBug = () => {
      if (random.chance(0.05)) throw new Error('the log is full');
    };
    const given = plan.map(({ id }): SqsRecord => ({ ...blank, messageId: id }));
    const response = await runBatch(given, handle, onBug).catch((error: unknown) => error);
    const problem = problemOf(response, plan);
    if (problem !== undefined) wrong.push(`batch ${batch} of ${plan.length}: ${problem}`);
  }
  return { batches, records, wrong };
}

interface Planned {
  readonly id: string;
  readonly end: (typeof ends)[number];
}

function planOf(random: Random): readonly Planned[] {
  const size = random.chance(0.005) ? 1_000 : random.pick(sizes);
  // Fewer ids than records: some stand in the batch twice.
  const ids = random.chance(0.3) ? Math.max(1, Math.floor(size / 2)) : size * 1_000;
  const mostlyDone = random.chance(0.5);
  return Array.from({ length: size }, () => ({
    id: `id-${random.int(ids)}`,
    end: mostlyDone && random.chance(0.9) ? 'done' : random.pick(ends),
  }));
}

function problemOf(response: unknown, plan: readonly Planned[]): string | undefined {
  const named = failedIdsOf(response);
  if (named === undefined) return 'the response is not one';
  const failed = new Set(plan.flatMap(({ id, end }) => (end === 'done' ? [] : [id])));
  const unknown = [...named].filter((id) => !plan.some((record) => record.id === id));
  if (unknown.length > 0) return `it names ${unknown.length} ids that nobody gave it`;
  const omitted = [...failed].filter((id) => !named.has(id));
  if (omitted.length > 0) return `it omits ${omitted.length} that failed`;
  return named.size > failed.size ? `it names ${named.size - failed.size} that went well` : undefined;
}
