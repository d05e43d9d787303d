import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createSamples, spreadOf } from '../../../bench/functions/figures.ts';
import { goals, judge } from '../../../bench/functions/goals.ts';
import type { Measurements } from '../../../bench/functions/measure.ts';
import { readOptions } from '../../../bench/functions/options.ts';
import { type BenchReport, renderPage } from '../../../bench/functions/report.ts';

describe('docs/performance.md', () => {
  it('is what npm run bench writes, but for the figures', async () => {
    const page = await readFile('docs/performance.md', 'utf8');
    const { dependencies } = Object(JSON.parse(await readFile('bench/peers/package.json', 'utf8')));

    const written = renderPage({ ...report, versions: dependencies });

    expect(frameOf(page)).toBe(frameOf(written));
  });

  it('has a line for each goal', async () => {
    const page = await readFile('docs/performance.md', 'utf8');

    const missing = goals.filter(
      ({ of, what, atMost }) => !page.includes(`| ${of}: ${what} | at most ${atMost} `),
    );

    expect(missing).toEqual([]);
  });

  it('names the versions that are installed', async () => {
    const page = await readFile('docs/performance.md', 'utf8');
    const { packages } = Object(JSON.parse(await readFile('bench/peers/package-lock.json', 'utf8')));

    const named = Array.from(page.matchAll(/^\| `(\S+)` \| (\S+) \|$/gm), ([, name, version]) => [
      name,
      version,
    ]);

    expect(named.length).toBeGreaterThan(10);
    for (const [name, version] of named) expect(packages[`node_modules/${name}`].version).toBe(version);
  });
});

describe('A figure', () => {
  it('is compared within each round, whatever the machine did in another', () => {
    const samples = createSamples();
    for (const [relay, peer] of [
      [10, 20],
      [100, 200],
      [30, 50],
    ] as const) {
      samples.add('relay', 'ready', relay);
      samples.add('peer', 'ready', peer);
    }

    const figures = samples.figures();

    expect(figures).toEqual([
      {
        what: 'ready',
        values: { relay: { median: 30, low: 10, high: 100 }, peer: { median: 50, low: 20, high: 200 } },
        ratios: { peer: { median: 0.5, low: 0.5, high: 0.6 } },
      },
    ]);
  });

  it('is the middle of an even number of rounds, too', () => {
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  });
});

describe('A goal', () => {
  it.each([
    ['is reached by as much as it says', 1, true],
    ['is missed by a little more', 1.001, false],
  ])('%s', (_, share, isReached) => {
    const judged = judge(withEach(share));

    expect(judged.map((each) => each.isReached)).toEqual(goals.map(() => isReached));
  });

  it('cannot be about something that is not measured', () => {
    expect(() => judge({ ...report.measurements, sender: [] })).toThrow('Nothing was measured for the goal');
  });
});

describe('npm run bench', () => {
  it('takes seven rounds by default', () => {
    expect(readOptions([])).toEqual({ help: false, json: false, write: false, rounds: 7 });
  });

  it.each([['0'], ['-1'], ['1.5'], ['many'], ['']])('refuses %j rounds', (rounds) => {
    expect(() => readOptions([`--rounds=${rounds}`])).toThrow('--rounds takes a whole number of at least 1');
  });
});

/** Everything but where and when it was measured, and the lines of tables that have a number in them. */
function frameOf(page: string): string {
  return page.replace(/^Measured on .*$/m, 'Measured').replaceAll(/^\|.*\d.*\n/gm, '');
}

/** What each goal is about is so many times what it may be at most. */
function withEach(share: number): Measurements {
  const figuresOf = (subject: 'webhook' | 'sender') => {
    const ofSubject = goals.filter(({ of }) => of === subject);
    return Array.from(new Set(ofSubject.map(({ what }) => what)), (what) => {
      const about = ofSubject.filter((goal) => goal.what === what);
      const numbers = Object.fromEntries(
        about.map(({ against, atMost }) => [against, { median: atMost * share, low: 0, high: 0 }]),
      );
      const { itself, ...ratios } = numbers;
      return { what, values: itself === undefined ? {} : { relay: itself }, ratios };
    });
  };
  return {
    webhook: figuresOf('webhook'),
    sender: figuresOf('sender'),
    verifiers: [{ name: 'relay', microseconds: { 2_000: 4, 64_000: 34 } }],
  };
}

const report: BenchReport = {
  takenOn: '2026-11-30',
  rounds: 7,
  machine: { processor: 'a processor', cores: 2, node: '24.0.0', load: 0.5 },
  versions: {},
  measurements: withEach(1),
};
