import { describe, expect, it } from 'vitest';
import { claimsByEmulator, createReport } from './report.ts';

describe('The report of a deploy', () => {
  it('says of each line which emulator showed it', () => {
    const lines: string[] = [];
    const report = createReport('MiniStack', (line) => lines.push(line));

    report.holds('a queue is there', true);
    report.equal('a message waits', 0, 1);

    expect(lines).toEqual([
      '  ok      MiniStack a queue is there',
      '  NOT SO  MiniStack a message waits',
      '          is       0',
      '          should be 1',
    ]);
    expect(report.counts()).toMatchObject({ held: 1, failed: 1 });
  });

  it('says in the end which claims both emulators showed', () => {
    const claims = new Map([
      ['moto', ['a queue is there', 'secrets are empty']],
      ['MiniStack', ['a queue is there', 'the stack is brought back']],
    ]);

    const merged = claimsByEmulator(claims);

    expect(merged).toEqual([
      { claim: 'a queue is there', emulators: ['moto', 'MiniStack'] },
      { claim: 'secrets are empty', emulators: ['moto'] },
      { claim: 'the stack is brought back', emulators: ['MiniStack'] },
    ]);
  });
});
