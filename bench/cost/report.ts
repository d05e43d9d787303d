import type { Measured } from './measure.ts';
import { type Bill, billOf, type Line, type Month, totalOf } from './model.ts';
import { pricesLookedUp } from './prices.ts';

/** What `npm run cost` says, as data. All amounts in US dollars. */
export interface CostReport {
  readonly pricesLookedUp: string;
  readonly month: Month;
  readonly aMonthAtRest: number;
  readonly aMonthOfTraffic: number;
  readonly aMillion: Readonly<Record<'oneByOne' | 'inBulk', Bill>>;
  readonly thisMonth: number;
}

const million = 1e6;

export function reportOn(measured: Measured, month: Month): CostReport {
  // A million of each: as many messages as statuses, so that each part stands for a million of its own.
  const aMillion = { ...month, messages: million, statuses: 1, inbound: million };
  const bill = billOf(measured, month);
  return {
    pricesLookedUp,
    month,
    aMonthAtRest: totalOf(bill.idle),
    aMonthOfTraffic: totalOf(bill.active),
    aMillion: {
      oneByOne: billOf(measured, { ...aMillion, batch: 1 }),
      inBulk: billOf(measured, { ...aMillion, batch: 1000 }),
    },
    thisMonth: Object.values(bill).reduce((sum, lines: readonly Line[]) => sum + totalOf(lines), 0),
  };
}

/** The report as a person reads it. */
export function renderReport(report: CostReport): string {
  const { month, aMillion } = report;
  const { oneByOne, inBulk } = aMillion;
  return [
    `US dollars in us-east-1, at prices of ${report.pricesLookedUp}. No free tier is deducted, and tax comes on top.`,
    '',
    row('a million of each', 'one by one', 'in bulk'),
    ...part('templates sent', oneByOne.send, inBulk.send),
    ...part('delivery statuses', oneByOne.status, inBulk.status),
    ...part('messages from customers', oneByOne.inbound, inBulk.inbound),
    '',
    row(
      `a million sent, with ${month.statuses} statuses each`,
      ...[oneByOne, inBulk].map(({ send, status }) =>
        dollars(totalOf(send) + month.statuses * totalOf(status)),
      ),
    ),
    '',
    row('a month at rest', dollars(report.aMonthAtRest)),
    ...oneByOne.idle.map(detail),
    row(`besides, with traffic in ${month.activeHours} hours`, dollars(report.aMonthOfTraffic)),
    ...oneByOne.active.map(detail),
    '',
    `A month with ${count(month.messages)} sent, ${month.statuses} statuses each, ${count(month.inbound)} received, ` +
      `${month.batch === 1 ? 'one by one' : `${count(month.batch)} at once`}: ${dollars(report.thisMonth).trim()}`,
    '',
  ].join('\n');
}

function part(title: string, oneByOne: readonly Line[], inBulk: readonly Line[]): string[] {
  const names = [...new Set(oneByOne.map(({ what }) => what))];
  const sum = (lines: readonly Line[], name: string) =>
    dollars(totalOf(lines.filter(({ what }) => what === name)));
  return [
    row(title, dollars(totalOf(oneByOne)), dollars(totalOf(inBulk))),
    ...names.map((name) => row(`    ${name}`, sum(oneByOne, name), sum(inBulk, name))),
  ];
}

function detail({ what, quantity, dollars: amount }: Line): string {
  return row(`    ${what} (${count(quantity)})`, dollars(amount));
}

function row(title: string, ...columns: readonly string[]): string {
  return `${title.padEnd(48)}${columns.map((column) => column.padStart(12)).join('')}`.trimEnd();
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

function count(quantity: number): string {
  return Math.round(quantity).toLocaleString('en-US');
}
