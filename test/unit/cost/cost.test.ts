import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Measured, measureWork } from '../../../bench/cost/measure.ts';
import { billOf, type Line, type Month, ordinaryMonth, totalOf } from '../../../bench/cost/model.ts';
import { readOptions } from '../../../bench/cost/options.ts';
import { prices } from '../../../bench/cost/prices.ts';
import { renderReport, reportOn, type Stages } from '../../../bench/cost/report.ts';
import { readStage, stageOf } from '../../../bench/cost/stage.ts';
import { prodTemplate } from '../../template/prod-template.ts';
import { readTemplate } from '../../template/template.ts';

let measured: Measured;
let stages: Stages;

beforeAll(async () => {
  measured = await measureWork();
  stages = { dev: await readStage('dev'), prod: await readStage('prod') };
}, 120_000);

const dollarAmount = / *\b\d+\.\d\d\b/g;
const million = { ...ordinaryMonth, messages: 1e6, statuses: 1, inbound: 1e6 };

describe('What the code does for one message', () => {
  it('is a claim and its end in the ledger for a send, and one line in the log', () => {
    const { send } = measured;

    expect(send).toMatchObject({ ledgerWrites: 2, ledgerReads: 0, queued: 0, lines: 1 });
  });

  it('is one message on a queue and one line for a delivery status', () => {
    const { status } = measured;

    expect(status).toMatchObject({ ledgerWrites: 0, ledgerReads: 0, queued: 1, lines: 1 });
  });

  it('is one report for a message where one environment gets its three statuses, and a look into the ledger', () => {
    const { reports, settled } = measured;

    expect(reports).toEqual({ together: 1 / 3, apart: 1 });
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
  it('has at rest what the template of prod has', () => {
    const { idle } = bill(ordinaryMonth);

    const quantities = Object.fromEntries(idle.map(({ price, quantity }) => [price, quantity]));
    expect(quantities).toEqual({
      dashboardMonth: 1,
      alarmMetricMonth: 26,
      secretMonth: 2,
      // Two mappings with five pollers each, which wait 20 s.
      sqsRequest: 2 * 657_000,
    });
  });

  it('is what can be worked out by hand', () => {
    const { send, status, inbound } = bill(million);

    expect(amountOf(send, 'invocations')).toBe('0.20');
    expect(amountOf(send, 'ledger writes')).toBe('1.25');
    // 320 ms on half a GB.
    expect(amountOf(send, 'compute')).toBe('2.13');
    expect(amountOf(inbound, 'API Gateway')).toBe('1.00');
    // A million events, and reports for two of three.
    expect(amountOf(status, 'put on queues')).toBe('0.67');
    expect(stages.prod.accessLogBytes).toBeGreaterThan(100);
    expect(stages.prod.accessLogBytes).toBeLessThan(200);
  });

  it('asks nothing for receiving at rest, and at most a poll for each message besides', () => {
    const [none, few, many] = [receivesOf(0), receivesOf(1_000), receivesOf(1e8)];

    expect(none).toBe(0);
    // Each cuts a poll short in its middle, on average.
    expect(few / 1_000).toBeCloseTo(0.5, 2);
    expect(many / 1e8).toBeCloseTo(1, 1);
  });

  it('grows with the messages, and with nothing else when there are none', () => {
    const twice = bill({ ...million, messages: 2e6 });
    const none = bill({ ...million, messages: 0, inbound: 0, activeHours: 0 });

    const once = bill(million);
    expect(withoutQueues(twice.send)).toBeCloseTo(2 * withoutQueues(once.send), 9);
    expect(withoutQueues(twice.inbound)).toBeCloseTo(withoutQueues(once.inbound), 9);
    expect(totalOf([...none.send, ...none.status, ...none.inbound, ...none.active])).toBe(0);
    expect(none.idle).toEqual(once.idle);
  });

  it('notices one more read of the ledger for each send', () => {
    const wasteful = { ...measured, send: { ...measured.send, ledgerReads: 1 } };

    const [usual, more] = [measured, wasteful].map((each) => bill(million, each));

    const reads = more?.send.find(({ what }) => what === 'ledger reads');
    expect(usual?.send.some(({ what }) => what === 'ledger reads')).toBe(false);
    expect(reads?.dollars).toBeCloseTo(0.125, 9);
  });

  it('is lower in bulk than one by one', () => {
    const { aMillion, aMillionSent } = reportOn(measured, ordinaryMonth, stages);

    expect(totalOf(aMillion.inBulk.send)).toBeLessThan(totalOf(aMillion.oneByOne.send) / 2);
    expect(aMillionSent.inBulk.relay).toBeLessThan(aMillionSent.oneByOne.relay);
    expect(aMillionSent.inBulk.consumer).toBeCloseTo(aMillionSent.oneByOne.consumer / 10, 9);
  });

  it('adds up to the month that was asked about', () => {
    const report = reportOn(measured, { ...ordinaryMonth, messages: 0, inbound: 0 }, stages);

    const shown = renderReport(report);

    expect(report.thisMonth).toBeCloseTo(totalOf(report.aMonthAtRest.prod) + report.aMonthOfTraffic, 9);
    expect(shown).toContain(
      `A month of prod with 0 sent, 3 statuses each, 0 received, one by one: ${report.thisMonth.toFixed(2)}`,
    );
  });

  it('is in the documentation, within 5 % of what it is now', async () => {
    const now = renderReport(reportOn(measured, ordinaryMonth, stages))
      .trimEnd()
      .split('\n');

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

/** What a million messages with three statuses each costs, and a month at rest: in US dollars, the relay's own part. */
function ends(work = measured, at = stages) {
  const { aMillionSent, aMonthAtRest } = reportOn(work, ordinaryMonth, at);
  return {
    oneByOne: aMillionSent.oneByOne.relay,
    inBulk: aMillionSent.inBulk.relay,
    devAtRest: totalOf(aMonthAtRest.dev),
    prodAtRest: totalOf(aMonthAtRest.prod),
  };
}

describe('The relay', () => {
  it('costs no more than was aimed at', () => {
    const { oneByOne, inBulk, devAtRest, prodAtRest } = ends();

    expect(oneByOne).toBeLessThanOrEqual(14);
    expect(inBulk).toBeLessThanOrEqual(10.5);
    expect(devAtRest).toBeLessThanOrEqual(4);
    expect(prodAtRest).toBeLessThanOrEqual(7);
  });

  it.each([
    [
      'a report of Lambda for each invocation that ended well',
      ['oneByOne', 'inBulk'],
      { 'ReceiveWebhookLambdaFunction.LoggingConfig.SystemLogLevel': 'INFO' },
    ],
    [
      'a window of a second for settle-send',
      ['oneByOne'],
      { 'SettleSendEventSourceMappingSQSOutcomesQueue.MaximumBatchingWindowInSeconds': 1 },
    ],
    ['twice the memory', ['oneByOne'], { 'SendMessageLambdaFunction.MemorySize': 1024 }],
    [
      'an access log with twice as much',
      ['inBulk'],
      { 'HttpApiStage.AccessLogSettings.Format': 'x'.repeat(350) },
    ],
    ['another alarm', ['prodAtRest'], { AnotherAlarm: { MetricName: 'any' } }],
  ] as const)('would cost more with %s (%j)', async (_, higher, change) => {
    const template = structuredClone(await prodTemplate());
    for (const [path, value] of Object.entries(change)) plant(template.Resources, path.split('.'), value);

    const prod = stageOf(readTemplate(template));

    const [now, then] = [ends(), ends(measured, { ...stages, prod })];
    for (const end of higher) expect(then[end] - now[end]).toBeGreaterThan(0.09);
  });

  it.each([
    ['a metric more in a line of each webhook', { status: { logged: 160 } }],
    ['a line for each report', { settled: { logged: 400, lines: 1 } }],
    ['two looks into the ledger for each report', { settled: { ledgerReads: 1 } }],
  ])('would cost more with %s', (_, besides) => {
    const wasteful: Measured = {
      ...measured,
      status: added(measured.status, 'status' in besides ? besides.status : {}),
      settled: added(measured.settled, 'settled' in besides ? besides.settled : {}),
    };

    const [now, then] = [ends(), ends(wasteful)];

    expect(then.oneByOne - now.oneByOne).toBeGreaterThan(0.1);
    expect(then.inBulk - now.inBulk).toBeGreaterThan(0.1);
  });

  it('would cost more if each status were reported', () => {
    const { apart } = measured.reports;

    const { oneByOne } = ends({ ...measured, reports: { together: apart, apart } });

    expect(oneByOne).toBeGreaterThan(14);
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

function bill(month: Month, work = measured) {
  return billOf(work, month, stages.prod);
}

/** Receives beyond those at rest, for so many sent. */
function receivesOf(messages: number): number {
  const { send } = bill({ ...million, messages });
  return send.find(({ what }) => what.includes('receive'))?.quantity ?? Number.NaN;
}

function amountOf(lines: readonly Line[], name: string): string | undefined {
  return lines.find(({ what }) => what === name)?.dollars.toFixed(2);
}

/** Those of a queue grow more slowly: messages are received in place of polls at rest, and deleted together. */
function withoutQueues(lines: readonly Line[]): number {
  return totalOf(lines.filter(({ what }) => !what.includes('queue:')));
}

function added(work: Measured['settled'], besides: Partial<Measured['settled']>): Measured['settled'] {
  const { logged = 0, lines = 0, ledgerReads = 0 } = besides;
  return {
    ...work,
    logged: work.logged + logged,
    lines: work.lines + lines,
    ledgerReads: work.ledgerReads + ledgerReads,
  };
}

/** `path`: a resource and a place among its properties; a resource alone is added, an alarm with these properties. */
function plant(resources: object, [id = '', ...path]: readonly string[], value: unknown): void {
  if (path.length === 0) Reflect.set(resources, id, { Type: 'AWS::CloudWatch::Alarm', Properties: value });
  else setAt(Object(Reflect.get(resources, id)).Properties, path, value);
}

function setAt(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null || !(name in target))
    throw new Error(`The template has nothing at ${name}.`);
  if (rest.length === 0) Reflect.set(target, name, value);
  else setAt(Reflect.get(target, name), rest, value);
}

function amountsIn(line: string): number[] {
  return Array.from(line.matchAll(dollarAmount), ([text]) => Number(text));
}

function withoutAmounts(line: string): string {
  return line.replaceAll(dollarAmount, '').trimEnd();
}
