// One message, one business or one number that is in trouble, among others that are well.
import type { Figure } from '../harness/figures.ts';
import type { Scene } from './scenes.ts';
import type { Trouble, VendorScript } from './scripted-vendor.ts';
import type { Report } from './simulate.ts';

const ratePerSecond = 160;
/** 100,000 messages take 10 minutes when all are well, and 29 where a fifth is silent: what is left later is late enough. */
const endsAfterMs = 40 * 60_000;
const vendor: VendorScript = { limitPerSecond: 200, medianLatencyMs: 150, troubleAt: () => undefined };

/** How much longer it took until the last good message was accepted than it takes when nothing is wrong. */
const slowdown =
  (atMost: number) =>
  (report: Report): readonly Figure[] => [
    { name: 'requests that met the trouble', value: report.inTrouble, atLeast: 1 },
    {
      name: 'seconds until the last good message, times those of a healthy run',
      value: report.seconds / (report.healthySeconds ?? Number.NaN),
      atMost,
    },
    { name: 'good messages that were not accepted', value: report.goodNotAccepted, atMost: 0 },
  ];

/** Every nth message is in trouble, of one business that all are of. */
function oneIn(every: number, trouble: Trouble, atMost: number): Scene {
  return {
    name: `${trouble}-1-in-${every}`,
    ratePerSecond,
    vendor: { ...vendor, troubleOf: (index) => (index % every === every >> 1 ? trouble : undefined) },
    isCompared: true,
    endsAfterMs,
    figures: slowdown(atMost),
  };
}

const isInShare = (index: number, percent: number) => (index * 37) % 100 < percent;

/** One business has that share of the messages, in percent, and all of them are in trouble; the others are another's. */
function business(percent: number, trouble: Trouble, atMost: number): Scene {
  const isItsOwn = (index: number) => isInShare(index, percent);
  return {
    name: `${trouble}-business-of-${percent}-percent`,
    ratePerSecond,
    vendor: { ...vendor, troubleOf: (index) => (isItsOwn(index) ? trouble : undefined) },
    from: (index) => ({ businessId: isItsOwn(index) ? 'business-a' : 'business-b' }),
    isCompared: true,
    endsAfterMs,
    figures: slowdown(atMost),
  };
}

/** Of Connectly, in requests a second. */
const limitOfAll = 80;
const rateIn = ({ accepted, seconds }: Report) => accepted / seconds / limitOfAll;

const numbers = 10;
const limitPerNumber = 80;
/** One number has a fifth of the messages: it decides how long all of them take. */
const busiestShare = 1 / 5;

function numberOf(index: number): string {
  const number = index % 5 === 0 ? 0 : 1 + (index % (numbers - 1));
  return `+1555000000${number}`;
}

export const neighbours: readonly Scene[] = [
  { ...oneIn(10_000, 'forbidding', 1.1), name: 'forbidding-one' },
  oneIn(1_000, 'forbidding', 1.15),
  oneIn(100, 'forbidding', 1.4),
  // Connectly fails at once in a fifth of all requests, and does the rest.
  oneIn(5, 'unavailable', 1.1),
  // Each that is silent holds a slot for 8 s: a window of 64 carries half the rate then, and less at the end of a batch.
  oneIn(5, 'silent', 2.8),
  business(10, 'limiting', 1.2),
  business(1, 'limiting', 1.2),
  business(2, 'silent', 1.3),
  business(5, 'silent', 1.5),
  business(20, 'silent', 2),
  business(10, 'refusing-key', 1.2),
  {
    ...business(10, 'limiting', 1.2),
    name: 'limiting-100-businesses-of-10-percent',
    from: (index) => ({
      businessId: isInShare(index, 10) ? `business-${index % 100}` : 'business-of-others',
    }),
  },
  {
    name: 'one-limit-for-50-businesses',
    ratePerSecond,
    vendor: { ...vendor, limitPerSecond: limitOfAll },
    // Each has one number: none of its lanes hears of two.
    from: (index) => ({ businessId: `business-${index % 50}`, from: `+15550000${100 + (index % 50)}` }),
    figures: (report) => [
      { name: 'messages a second, of what the limit allows', value: rateIn(report), atLeast: 0.8 },
      { name: 'share of 429s', value: report.answered429 / report.requests, atMost: 0.06 },
    ],
  },
  {
    name: 'ten-numbers',
    ratePerSecond: numbers * limitPerNumber,
    vendor: { ...vendor, limitPerSecond: Number.POSITIVE_INFINITY, limitPerNumber },
    // Each carries what it carries by default: at a higher share, the end of a batch would be longer than the rest of it.
    environments: 10,
    variables: { SENDS_PER_SECOND_PER_NUMBER: String(limitPerNumber) },
    from: (index) => ({ from: numberOf(index) }),
    isSteady: true,
    figures: (report) => [
      {
        name: 'messages a second, of what the limits allow',
        value: (report.accepted * busiestShare) / limitPerNumber / report.seconds,
        atLeast: 0.9,
      },
      { name: 'share of 429s', value: report.answered429 / report.requests, atMost: 0.01 },
    ],
  },
];
