import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Measured, measureWork } from '../../../bench/cost/measure.ts';
import { billOf, ordinaryMonth, totalOf } from '../../../bench/cost/model.ts';
import { readOptions } from '../../../bench/cost/options.ts';
import { prices } from '../../../bench/cost/prices.ts';
import { renderReport, reportOn } from '../../../bench/cost/report.ts';
import { prodTemplate } from '../../template/prod-template.ts';
import { everyObjectIn, mappingsOf, resourcesOf } from '../../template/template.ts';

let measured: Measured;

beforeAll(async () => {
  measured = await measureWork();
});

const dollarAmount = / *\b\d+\.\d\d\b/g;
const million = { ...ordinaryMonth, messages: 1e6, statuses: 1, inbound: 1e6 };

describe('What the code does for one message', () => {
  it('is a claim and its end in the ledger for a send, and one line in the log', () => {
    const { send } = measured;

    expect(send).toMatchObject({ ledgerWrites: 2, ledgerReads: 0, queued: 0, lines: 1 });
  });

  it('is two messages on queues, a look into the ledger and one line for a delivery status', () => {
    const { received, settled } = measured.status;

    expect(received).toMatchObject({ ledgerWrites: 0, ledgerReads: 0, queued: 2, lines: 1 });
    expect(settled).toMatchObject({ ledgerWrites: 0, ledgerReads: 1, queued: 0, lines: 0 });
  });

  it('is one message on a queue for what a customer writes', () => {
    const { inbound } = measured;

    expect(inbound).toMatchObject({ ledgerWrites: 0, ledgerReads: 0, queued: 1, lines: 1 });
  });

  it('leaves an entry in the ledger that one unit of writing pays for', () => {
    const { ledgerItemBytes } = measured;

    expect(ledgerItemBytes).toBeGreaterThan(200);
    expect(ledgerItemBytes).toBeLessThan(1024);
  });

  it('makes seven custom metrics in a stage where nothing fails', () => {
    const names = [...measured.metrics].toSorted();

    expect(names).toEqual([
      'connectly-relay/attempt count stage=prod result=accepted',
      'connectly-relay/attempt durationMs stage=prod',
      'connectly-relay/attempt secondsInQueue stage=prod',
      'connectly-relay/webhook count stage=prod deliveryStatus=delivered',
      'connectly-relay/webhook count stage=prod deliveryStatus=read',
      'connectly-relay/webhook count stage=prod deliveryStatus=sent',
      'connectly-relay/webhook count stage=prod result=queued',
    ]);
  });
});

describe('The bill', () => {
  it('has at rest what the template of prod has', async () => {
    const template = await prodTemplate();

    const { idle } = billOf(measured, ordinaryMonth);

    const quantities = Object.fromEntries(idle.map(({ price, quantity }) => [price, quantity]));
    const watched = resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .flatMap(({ properties }) => everyObjectIn(properties))
      .filter((each) => 'MetricName' in each);
    expect(quantities).toEqual({
      dashboardMonth: resourcesOf(template, 'AWS::CloudWatch::Dashboard').length,
      alarmMetricMonth: watched.length,
      secretMonth: resourcesOf(template, 'AWS::SecretsManager::Secret').length,
      // Five pollers that wait 20 s each.
      sqsRequest: mappingsOf(template).length * 657_000,
    });
  }, 120_000);

  it('is what can be worked out by hand', () => {
    const { send, inbound } = billOf(measured, million);

    const amount = (lines: typeof send, name: string) =>
      lines.find(({ what }) => what === name)?.dollars.toFixed(2);
    expect(amount(send, 'invocations')).toBe('0.20');
    expect(amount(send, 'ledger writes')).toBe('1.25');
    // 320 ms on half a GB.
    expect(amount(send, 'compute')).toBe('2.13');
    expect(amount(inbound, 'API Gateway')).toBe('1.00');
  });

  it('grows with the messages, and with nothing else when there are none', () => {
    const twice = billOf(measured, { ...million, messages: 2e6 });
    const none = billOf(measured, { ...million, messages: 0, inbound: 0, activeHours: 0 });

    const once = billOf(measured, million);
    expect(totalOf(twice.send)).toBeCloseTo(2 * totalOf(once.send), 9);
    expect(totalOf(twice.status)).toBeCloseTo(2 * totalOf(once.status), 9);
    expect(totalOf([...none.send, ...none.status, ...none.inbound, ...none.active])).toBe(0);
    expect(none.idle).toEqual(once.idle);
  });

  it('notices one more read of the ledger for each send', () => {
    const wasteful = { ...measured, send: { ...measured.send, ledgerReads: 1 } };

    const [usual, more] = [measured, wasteful].map((each) => billOf(each, million));

    const reads = more?.send.find(({ what }) => what === 'ledger reads');
    expect(usual?.send.some(({ what }) => what === 'ledger reads')).toBe(false);
    expect(reads?.dollars).toBeCloseTo(0.125, 9);
  });

  it('is lower in bulk than one by one', () => {
    const { oneByOne, inBulk } = reportOn(measured, ordinaryMonth).aMillion;

    expect(totalOf(inBulk.send)).toBeLessThan(totalOf(oneByOne.send) / 2);
    expect(totalOf(inBulk.status)).toBeLessThan(totalOf(oneByOne.status));
  });

  it('adds up to the month that was asked about', () => {
    const report = reportOn(measured, { ...ordinaryMonth, messages: 0, inbound: 0 });

    const shown = renderReport(report);

    expect(report.thisMonth).toBeCloseTo(report.aMonthAtRest + report.aMonthOfTraffic, 9);
    expect(shown).toContain(
      `A month with 0 sent, 3 statuses each, 0 received, one by one: ${report.thisMonth.toFixed(2)}`,
    );
  });

  it('is in the documentation, within 5 % of what it is now', async () => {
    const now = renderReport(reportOn(measured, ordinaryMonth)).trimEnd().split('\n');

    // When it is not: paste what `npm run cost` prints.
    const documentation = await readFile(new URL('../../../docs/costs.md', import.meta.url), 'utf8');
    const written = documentation.split('```text\n').find((part) => part.startsWith('US dollars')) ?? '';
    const lines = written.split('\n').slice(0, now.length);
    expect(lines.map(withoutAmounts)).toEqual(now.map(withoutAmounts));
    const current = now.flatMap(amountsIn);
    const off = lines
      .flatMap(amountsIn)
      .filter((amount, index) => Math.abs(amount - (current[index] ?? 0)) > 0.05 + 0.05 * amount);
    expect(off).toEqual([]);
  });

  it('rests on prices that each say where they were read', () => {
    const sources = Object.values(prices).map(({ source }) => source);

    expect(sources.filter((source) => !/^(from memory: )?https:\/\/\S+$/.test(source))).toEqual([]);
  });
});

describe('The options', () => {
  it('change the month', () => {
    const { month, json } = readOptions(['--json', '--messages', '5000', '--active-hours', '100']);

    expect(json).toBe(true);
    expect(month).toEqual({ ...ordinaryMonth, messages: 5000, activeHours: 100 });
  });

  it.each([['--messages', 'many'], ['--batch', '0'], ['--statuses', ''], ['--inbound=-1']])(
    'are refused when they make no sense: %s %s',
    (...arguments_) => {
      const read = () => readOptions(arguments_);

      expect(read).toThrow(/takes a number of at least/);
    },
  );
});

function amountsIn(line: string): number[] {
  return Array.from(line.matchAll(dollarAmount), ([text]) => Number(text));
}

function withoutAmounts(line: string): string {
  return line.replaceAll(dollarAmount, '').trimEnd();
}
