import type { Measured } from './measure.ts';
import { type Bill, billOf, type Line, type Month, totalOf } from './model.ts';
import { pricesLookedUp } from './prices.ts';
import type { Stage } from './stage.ts';

/** The stages that are told apart: dev, and prod, whose traffic it is. */
export type Stages = Readonly<Record<'dev' | 'prod', Stage>>;

/** What `npm run cost` says, as data. All amounts in US dollars. */
export interface CostReport {
  readonly pricesLookedUp: string;
  readonly month: Month;
  /** A month in which nothing happens, at each stage. */
  readonly aMonthAtRest: Readonly<Record<keyof Stages, readonly Line[]>>;
  readonly aMonthOfTraffic: number;
  /** As many messages as statuses, so that each part stands for a million of its own. */
  readonly aMillion: Readonly<Record<'oneByOne' | 'inBulk', Bill>>;
  readonly aMillionSent: Readonly<Record<'oneByOne' | 'inBulk', MillionSent>>;
  readonly thisMonth: number;
}

/** A million messages with their statuses. */
export interface MillionSent {
  readonly relay: number;
  readonly consumer: number;
}

const million = 1e6;
const ways = { oneByOne: 1, inBulk: 1000 } as const;

export function reportOn(measured: Measured, month: Month, stages: Stages): CostReport {
  const billAt = (change: Partial<Month>) => billOf(measured, { ...month, ...change }, stages.prod);
  const ofEach = (batch: number) => billAt({ messages: million, statuses: 1, inbound: million, batch });
  const sent = (batch: number): MillionSent => {
    const { send, status, consumer } = billAt({ messages: million, inbound: 0, batch });
    return { relay: totalOf([...send, ...status]), consumer: totalOf(consumer) };
  };
  const bill = billAt({});
  return {
    pricesLookedUp,
    month,
    aMonthAtRest: { dev: billOf(measured, month, stages.dev).idle, prod: bill.idle },
    aMonthOfTraffic: totalOf(bill.active),
    aMillion: { oneByOne: ofEach(ways.oneByOne), inBulk: ofEach(ways.inBulk) },
    aMillionSent: { oneByOne: sent(ways.oneByOne), inBulk: sent(ways.inBulk) },
    thisMonth: Object.values(bill).reduce((sum, lines: readonly Line[]) => sum + totalOf(lines), 0),
  };
}

/** The report as a person reads it. */
export function renderReport(report: CostReport): string {
  const { month, aMillion, aMillionSent, aMonthAtRest } = report;
  const { oneByOne, inBulk } = aMillion;
  const sent = (whose: keyof MillionSent) => [
    dollars(aMillionSent.oneByOne[whose]),
    dollars(aMillionSent.inBulk[whose]),
  ];
  return [
    `US dollars in us-east-1, at prices of ${report.pricesLookedUp}. No free tier is deducted, and tax comes on top.`,
    '',
    row('a million of each', 'one by one', 'in bulk'),
    ...part('templates sent', oneByOne.send, inBulk.send),
    ...part('delivery statuses', oneByOne.status, inBulk.status),
    ...part('messages from customers', oneByOne.inbound, inBulk.inbound),
    '',
    row(`a million sent, with ${month.statuses} statuses each`, ...sent('relay')),
    row('    and your consumer, who takes the statuses', ...sent('consumer')),
    '',
    row('a month at rest', 'dev', 'prod'),
    ...details(aMonthAtRest.dev, aMonthAtRest.prod),
    row('', dollars(totalOf(aMonthAtRest.dev)), dollars(totalOf(aMonthAtRest.prod))),
    row(`besides, with traffic in ${month.activeHours} hours`, '', dollars(report.aMonthOfTraffic)),
    ...oneByOne.active.map(({ what, quantity, dollars: amount }) =>
      row(`    ${what} (${count(quantity)})`, '', dollars(amount)),
    ),
    '',
    `A month of prod with ${count(month.messages)} sent, ${month.statuses} statuses each, ${count(month.inbound)} received, ` +
      `${month.batch === 1 ? 'one by one' : `${count(month.batch)} at once`}: ${dollars(report.thisMonth)}`,
    '',
  ].join('\n');
}

function part(title: string, oneByOne: readonly Line[], inBulk: readonly Line[]): string[] {
  return [row(title, dollars(totalOf(oneByOne)), dollars(totalOf(inBulk))), ...details(oneByOne, inBulk)];
}

/** Two bills of the same positions, side by side. */
function details(left: readonly Line[], right: readonly Line[]): string[] {
  const names = [...new Set(right.map(({ what }) => what))];
  return names.map((name) => row(`    ${name}`, sumOf(left, name), sumOf(right, name)));
}

function sumOf(lines: readonly Line[], name: string): string {
  return dollars(totalOf(lines.filter(({ what }) => what === name)));
}

function row(title: string, ...columns: readonly string[]): string {
  return `${title.padEnd(56)}${columns.map((column) => column.padStart(12)).join('')}`.trimEnd();
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

function count(quantity: number): string {
  return Math.round(quantity).toLocaleString('en-US');
}
