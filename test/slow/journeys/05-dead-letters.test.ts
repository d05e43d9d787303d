import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dlqExplain } from '../../../cli/dlq/explain.ts';
import { dlqExport } from '../../../cli/dlq/export.ts';
import { dlqLs } from '../../../cli/dlq/ls.ts';
import { emptyTally } from '../../../cli/dlq/plan.ts';
import { dlqPurge } from '../../../cli/dlq/purge.ts';
import { dlqRedrive } from '../../../cli/dlq/redrive.ts';
import { dlqShow } from '../../../cli/dlq/show.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { putOn } from '../../support/queue-messages.ts';
import { asTyped } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

// 412 dead letters at 3 a.m.: find out what they are, move those that can be sent, slowly first, and nothing twice.

const unapproved = 'ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND';
const hourMs = 3_600_000;

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, patienceMs);

afterAll(() => journey.end());

const numberOf = (n: number) => `+1555000${1000 + n}`;

/** Puts letters where the sender would, numbered from `first`. */
async function plant(first: number, count: number, { code, lifeMs }: { code: string; lifeMs: number }) {
  const letters = Array.from({ length: count }, (_, index) => ({
    body: {
      type: 'template',
      to: numberOf(first + index),
      templateName: 'order_ready',
      id: `order-${first + index}`,
    },
    attributes: {
      'relay.id': `order-${first + index}`,
      'relay.expiresAt': new Date(Date.now() + lifeMs).toISOString(),
      'error.code': code,
      'error.message': 'Planted.',
    },
  }));
  await putOn(journey.sqs, journey.state.outputs['SendsDlqUrl'], letters);
}

async function acceptedRecipients(): Promise<string[]> {
  const { accepted } = await journey.seen();
  return accepted.newest.map(({ recipient }) => recipient).toSorted();
}

const nothing = emptyTally(false);

describe('412 dead letters of three kinds', { timeout: 4 * patienceMs }, () => {
  beforeAll(async () => {
    await plant(0, 300, { code: unapproved, lifeMs: hourMs });
    await plant(300, 100, { code: 'expired', lifeMs: -1 });
    await plant(400, 12, { code: 'outcome-unknown', lifeMs: hourMs });
  }, patienceMs);

  it('are explained by code, with what to do', async () => {
    const groups = await journey.results(dlqExplain, 'dlq', 'explain');
    const { stdout } = await journey.relay('dlq', 'explain');

    expect(groups.map(({ code, count, expired }) => [code, count, expired])).toEqual([
      [unapproved, 300, 0],
      ['expired', 100, 100],
      ['outcome-unknown', 12, 0],
    ]);
    expect(groups[0]?.remedy).toContain('approved templates');
    expect(stdout).toContain(`300 x ${unapproved}`);
  });

  it('can be listed, shown and exported without a whole number, unless it is asked for', async () => {
    const listed = await journey.results(dlqLs, 'dlq', 'ls', '--code', unapproved);
    const [shown] = await journey.results(dlqShow, 'dlq', 'show', 'order-7');
    const exported = await journey.results(dlqExport, 'dlq', 'export', '--limit', '5');
    const [revealed] = await journey.results(dlqExport, 'dlq', 'export', '--reveal', '--id', 'order-7');
    const missing = await journey.relay('dlq', 'show', 'order-9999');

    expect(listed).toHaveLength(300);
    expect(JSON.stringify([listed, shown, exported])).not.toMatch(/\+1555000\d/);
    expect(shown).toMatchObject({ id: 'order-7', code: unapproved, message: 'Planted.' });
    expect(exported).toHaveLength(5);
    expect(JSON.parse(revealed?.body ?? '')).toMatchObject({ to: numberOf(7), id: 'order-7' });
    expect(missing).toMatchObject({ exitCode: 3, stdout: '' });
    expect(missing.stderr).toContain('relay dlq ls');
  });

  it('stay where they are until somebody says --yes', async () => {
    const [plan] = await journey.results(dlqRedrive, 'dlq', 'redrive');
    const [again] = await journey.results(dlqRedrive, 'dlq', 'redrive');

    expect(plan).toEqual({ ...nothing, dryRun: true, send: 300, expired: 100, unknown: 12 });
    expect(again).toEqual(plan);
    expect(await acceptedRecipients()).toEqual([]);
  });

  it('go back ten first, and then the rest, but for those that expired or may have been sent', async () => {
    const [first] = await journey.results(
      dlqRedrive,
      ...asTyped`dlq redrive --yes --code ${unapproved} --limit 10 --rate 5`,
    );
    await eventually('ten to be accepted', async () => (await acceptedRecipients()).length >= 10);
    const [rest] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes', '--rate', '60');
    await eventually('all to be accepted', async () => (await acceptedRecipients()).length >= 300);

    expect(first).toEqual({ ...nothing, send: 10 });
    expect(rest).toEqual({ ...nothing, send: 290, expired: 100, unknown: 12 });
    expect(await acceptedRecipients()).toEqual(Array.from({ length: 300 }, (_, n) => numberOf(n)).toSorted());
  });

  it('are sent once, even when a redrive was cut off between its copy and its removal', async () => {
    await plant(0, 30, { code: unapproved, lifeMs: hourMs });

    const [again] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes');
    const [last] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes');
    await plant(900, 1, { code: unapproved, lifeMs: hourMs });
    await journey.results(dlqRedrive, 'dlq', 'redrive', '--yes');
    await eventually('the last one to be accepted', async () =>
      (await acceptedRecipients()).includes(numberOf(900)),
    );

    expect(again).toEqual({ ...nothing, send: 30, expired: 100, unknown: 12 });
    expect(last).toEqual({ ...nothing, expired: 100, unknown: 12 });
    expect(await acceptedRecipients()).toHaveLength(301);
  });

  it('that may have been sent are sent again only when they are named, and the plan says how many', async () => {
    const [plan] = await journey.results(dlqRedrive, 'dlq', 'redrive', '--resend-unknown');
    const words = await journey.relay('dlq', 'redrive', '--resend-unknown');
    const unnamed = await journey.relay('dlq', 'redrive', '--resend-unknown', '--yes');

    expect(plan).toEqual({ ...emptyTally(true), resend: 12, expired: 100 });
    expect(words.stderr).toContain('12 that may have been sent would go back');
    expect(unnamed).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unnamed.stderr).toContain('--id ID');
  });

  it('are found by the recipient, whose number is not shown', async () => {
    const [shown, ...others] = await journey.results(dlqLs, 'dlq', 'ls', '--to', numberOf(405));

    expect(shown).toMatchObject({ id: 'order-405' });
    expect(others).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain(numberOf(405));
  });

  it('are deleted only by who agrees to it, and only those that are meant', async () => {
    const declined = await journey.relay('dlq', 'purge', '--expired');
    const [purged] = await journey.results(dlqPurge, 'dlq', 'purge', '--expired', '--yes');
    const left = await journey.results(dlqExplain, 'dlq', 'explain');

    expect(declined.exitCode).toBe(2);
    expect(declined.stderr).toContain('--yes');
    expect(purged).toEqual({ removed: { expired: 100 }, kept: 0 });
    expect(left.map(({ code, count }) => [code, count])).toEqual([['outcome-unknown', 12]]);
  });
});
