import type { Figure, Spread } from './figures.ts';
import { type Goal, judge } from './goals.ts';
import type { Measurements } from './measure.ts';

/** What `npm run bench` says, as data. */
export interface BenchReport {
  /** The day, as in 2026-11-30. */
  readonly takenOn: string;
  readonly rounds: number;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
    /** Of the last five minutes, at the end. More than the cores: others were at work, too. */
    readonly load: number;
  };
  /** The peers' packages and their versions. */
  readonly versions: Readonly<Record<string, string>>;
  readonly measurements: Measurements;
}

/** The tables, as a person reads them and as Markdown has them. */
export function renderTables({ measurements }: BenchReport): string {
  const { webhook, sender, verifiers } = measurements;
  const sizes = Object.keys(verifiers[0]?.microseconds ?? {}).map(Number);
  return [
    '## receive-webhook',
    '',
    ...figureTable(webhook),
    '',
    '## send-message',
    '',
    ...figureTable(sender),
    '',
    '## Verifying a signature',
    '',
    ...table(
      ['CPU of one verification, µs', ...sizes.map((bytes) => `body of ${bytes / 1_000} KB`)],
      verifiers.map(({ name, microseconds }) =>
        [name].concat(sizes.map((bytes) => amount(microseconds[bytes]))),
      ),
    ),
    '',
    '## Goals',
    '',
    ...table(
      ['what the relay shall be', 'goal', 'measured', ''],
      judge(measurements).map(({ goal, is, isReached }) => [
        `${goal.of}: ${goal.what}`,
        `at most ${goal.atMost}${besides(goal)}`,
        amount(is),
        isReached ? 'reached' : '**missed**',
      ]),
    ),
    '',
  ].join('\n');
}

const besides = ({ against }: Goal) => ({ bare: ' × bare', peer: ' × peer', itself: '' })[against];

/** docs/performance.md. */
export function renderPage(report: BenchReport): string {
  const { takenOn, rounds, machine, versions } = report;
  return `# How fast it is

The built functions beside what people would otherwise write, measured in one run on one machine. \`npm run bench -- --write\`
measures again and writes this page; \`--rounds\` says how often, \`--json\` gives everything as JSON. Nothing is deployed, and
no account is needed.

Measured on ${takenOn} in ${rounds} rounds: Node.js ${machine.node}, ${machine.processor}, ${machine.cores} cores, a load average of ${machine.load.toFixed(1)}.

## What is compared

| | what it is |
| --- | --- |
| bare | a function that does nothing |
| relay | the bundles that \`serverless deploy\` uploads |
| peer | \`bench/peers\`: the same job with the libraries that most would take, written as their documentation shows |

Each runs in a process of its own under Lambda's own runtime client, with the memory setting of \`serverless.yml\`. The client's
native module, which needs a compiler, has a stand-in of the same calls. AWS and Connectly are a process that answers at once
over TLS, so that only the function takes time. "Without a runtime client" is Node.js with the function's code and nothing else.

All subjects take turns in each round. A cell has the median of the rounds; a start counts in a round as the fastest of eight.
A ratio is taken within a round, and its lowest and highest stand in brackets. On another machine the milliseconds are others,
and the ratios are close. CPU per webhook and per message is that of an environment that has had a thousand events.

CPU is user and system time of all threads of the function's process. At 512 MB, Lambda gives a function 0.29 of a processor
once it is loaded: a CPU millisecond takes 3.4 milliseconds then. While it loads, it has more.

The peers do less: they keep no rate and no order, and what may have been accepted they send again. For a webhook they write
two lines, a log line and a metric; the relay writes one that is both. The peer sends over 64 connections at most, as the
relay does.

${renderTables(report)}
## What keeps the missed goals away

The goals about starts are judged both ways: under the runtime client, whose own time is in all three, and without.

The relay and the peer reach AWS through the same SDK: a send makes two calls, a webhook one, and those are most of the CPU of
both. Less of it would take a client for AWS of the relay's own. More than a third of the peer's time until ready is Node.js and
the runtime client, which the relay takes as well.

A rehearsal while the code loads (the handler, with answers made up) was tried on receive-webhook: the first event took
21 ms of CPU in place of 35, and loading 46 in place of 27. It is not kept. The runtime client asks for the first event before a
rehearsal is through, so that the rest of it would run where the processor is shared out; and answers that are made up have no
place in what is deployed. Only what can be done at once (the TLS context, the first hash) made loading 3 ms longer, and the
first event no shorter.

## Versions of the peers

${table(
  ['package', 'version'],
  Object.entries(versions).map(([name, version]) => [`\`${name}\``, version]),
).join('\n')}

The peers are built by esbuild with the options of \`build.mjs\`, except for the parts that \`build.mjs\` leaves out of the AWS SDK.
`;
}

function figureTable(figures: readonly Figure[]): string[] {
  return table(
    ['', 'bare', 'relay', 'peer', 'relay / bare', 'relay / peer'],
    figures.map(({ what, values, ratios }) => [
      what,
      amount(values.bare?.median),
      amount(values.relay?.median),
      amount(values.peer?.median),
      spread(ratios.bare),
      spread(ratios.peer),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function spread(of: Spread | undefined): string {
  return of === undefined ? '' : `${of.median.toFixed(2)} (${of.low.toFixed(2)} to ${of.high.toFixed(2)})`;
}

/** Three digits that count. */
function amount(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
}
