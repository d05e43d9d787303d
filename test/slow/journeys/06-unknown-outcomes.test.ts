import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyTally } from '../../../cli/dlq/plan.ts';
import { dlqPurge } from '../../../cli/dlq/purge.ts';
import { dlqRedrive } from '../../../cli/dlq/redrive.ts';
import { dlqShow } from '../../../cli/dlq/show.ts';
import { tail } from '../../../cli/tail/tail.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

// Three sends that nobody can be sure of: one is settled by a late status, one is released, one is dropped. The lease and
// the waiting time are a second instead of one and a half minutes and thirty.

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({
    async prepare(project) {
      await project.edit('lib/delivery/time.ts', [/leaseMs = [^;]+;/, 'leaseMs = 1_000;']);
      await project.edit('serverless.yml', ['outcomeWaitSeconds: 1800', 'outcomeWaitSeconds: 1']);
    },
  });
}, patienceMs);

afterAll(() => journey.end());

async function accepted() {
  return (await journey.seen()).accepted.newest;
}

const customers = { settled: '+15550000001', released: '+15550000002', dropped: '+15550000003' };
const nothing = emptyTally(false);

describe('three sends of unknown outcome', { timeout: 4 * patienceMs }, () => {
  beforeAll(async () => {
    // Connectly takes the first, and says 500; of the others it knows nothing. No status comes of its own.
    await journey.fake('faults', { kind: 'webhook-drop', times: 'always' });
    await journey.fake('faults', {
      kind: 'answer',
      status: 500,
      accept: true,
      match: { recipient: customers.settled },
    });
    for (const recipient of [customers.released, customers.dropped])
      await journey.fake('faults', { kind: 'answer', status: 500, match: { recipient } });
    await journey.enqueue(
      Object.entries(customers).map(([id, to]) => ({
        type: 'template',
        to,
        templateName: 'order_ready',
        id,
      })),
    );
    await eventually('three unknown outcomes', async () => {
      const { stdout } = await journey.relay('dlq', 'ls', '--code', 'outcome-unknown', '--json');
      return stdout.trim().split('\n').length === 3;
    });
  }, patienceMs);

  it('are left alone by a redrive that does not name them', async () => {
    const [did] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes');

    expect(did).toEqual({ ...nothing, unknown: 3 });
    expect((await accepted()).map(({ recipient }) => recipient)).toEqual([customers.settled]);
  });

  it('say what left them unknown and when, and name the commands that find out more and send again', async () => {
    const [shown] = await journey.results(dlqShow, 'dlq', 'show', 'released');
    const words = await journey.relay('dlq', 'show', 'released');
    const [, search = ''] = /In the log npx relay (tail .*)/.exec(words.stdout) ?? [];
    const attempts = await journey.results(tail, ...search.split(' '));

    expect(shown).toMatchObject({ cause: 'connectly-500', ledger: { state: 'UNKNOWN' } });
    expect(words.stdout).toContain('relay dlq redrive --id released --resend-unknown --yes --local');
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ key: shown?.key, result: 'unclear', code: 'connectly-500' });
    // Within the lease of another length that this stage has.
    expect(Date.parse(shown?.ledger?.attemptedAt ?? '')).toBeLessThan(Date.now());
  });

  it('are settled by a delivery status that comes late', async () => {
    const [first] = await accepted();
    await fetch(`${journey.state.connectlyUrl}/_fake/faults`, { method: 'DELETE' });
    await journey.fake('status', { messageId: first?.id, status: 'delivered' });
    await eventually('the status to settle it', async () => {
      const { stdout } = await journey.relay('dlq', 'redrive', '--json');
      return stdout.includes('"settled":1');
    });

    const [did] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes');

    expect(did).toEqual({ ...nothing, settled: 1, unknown: 2 });
  });

  it('are sent again when somebody says so, one by one', async () => {
    const [did] = await journey.results(
      dlqRedrive,
      ...asTyped`dlq redrive --id released --resend-unknown --yes`,
    );
    await eventually('it to be accepted', async () => (await accepted()).length === 2);

    expect(did).toEqual({ ...nothing, resend: 1 });
  });

  it('are dropped by who knows better, and the queue is empty then', async () => {
    const [did] = await journey.results(dlqPurge, 'dlq', 'purge', '--id', 'dropped', '--yes');
    const { stdout, stderr, exitCode } = await journey.relay('dlq', 'ls');

    expect(did).toEqual({ removed: { 'outcome-unknown': 1 }, kept: 0 });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(stderr).toContain('the sends DLQ is empty');
    expect((await accepted()).map(({ recipient }) => recipient)).toEqual([
      customers.settled,
      customers.released,
    ]);
  });
});
