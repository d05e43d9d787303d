import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulk } from '../../../cli/bulk/bulk.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const rows = 1000;
const badRows = [10, 499, 999];
const header = 'to,body_1,callbackData';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, 2 * patienceMs);

afterAll(() => journey.end());

/**
 * A machine that does nothing for seconds lets calls fail, as AWS does now and then. A message whose delay could not be
 * written is back after the queue's visibility timeout of 361 s: late, and still sent once.
 */
const comeBackMs = 361_000 + patienceMs;

/** What the CSV says of one row; the bad ones lack the plus of their number. */
function rowOf(index: number): string {
  const plus = badRows.includes(index) ? '' : '+';
  return `${plus}1631555${String(index).padStart(4, '0')},Customer ${index},"{""row"":${index}}"`;
}

/** How many rows the ledger says are queued. */
async function queuedIn(ledger: string): Promise<number> {
  const text = await journey.project.read(ledger).catch(() => '');
  return text.match(/\[\d+,/g)?.length ?? 0;
}

describe('A CSV of 1,000 rows with 3 bad ones, interrupted at 40 %', {
  timeout: 2 * patienceMs + comeBackMs,
}, () => {
  it('sends exactly 997 messages, each once, and keeps the 3 rows for later', async () => {
    const lines = Array.from({ length: rows }, (_, index) => rowOf(index));
    await journey.project.write('customers.csv', `${[header, ...lines].join('\n')}\n`);
    const path = journey.project.path('customers.csv');
    const command = asTyped`bulk ${path} --template order_ready --language en --skip-invalid --json`;

    const interrupted = journey.start(...command, '--rate', '100');
    await eventually('40 % in the ledger', async () => (await queuedIn('customers.csv.ledger')) >= 400);
    interrupted.ctrlC();
    const first = await interrupted.ended;
    const second = await journey.relay(...command, '--resume');

    const [begun, finished] = [first, second].map(({ stdout }) => bulk.result.parse(JSON.parse(stdout)));
    expect([first.exitCode, second.exitCode]).toEqual([130, 6]);
    expect(first.stderr).toContain(`relay bulk ${path} --resume`);
    expect(begun?.left).toBeGreaterThan(0);
    expect(finished).toMatchObject({
      queuedBefore: begun?.queued,
      left: 0,
      invalid: badRows.map(() => ({})),
    });
    expect((begun?.queued ?? 0) + (finished?.queued ?? 0)).toBe(rows - badRows.length);
    const failed = (await journey.project.read('customers.failed.csv')).trimEnd().split('\n');
    expect(failed.map((line) => line.split(/,(?:id|bulk-\w{32}),/)[0])).toEqual([
      header,
      ...badRows.map(rowOf),
    ]);

    await eventually('997 accepted messages', async () => (await journey.seen(0)).accepted.count >= 997, {
      forMs: comeBackMs,
      orSay: async () => (await journey.relay('status')).stdout,
    });
    const { accepted } = await journey.seen(0);
    const counts = Object.values(accepted.byCallbackData);
    expect(counts).toHaveLength(rows - badRows.length);
    expect(counts.every((count) => count === 1)).toBe(true);
  });
});
