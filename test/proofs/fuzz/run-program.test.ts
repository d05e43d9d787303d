import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const runner = resolve('test/support/run.mjs');
const fixture = 'test/proofs/fuzz/fixtures/says-its-arguments.ts';

function run(...programArguments: string[]) {
  return spawnSync(process.execPath, [runner, ...programArguments], { encoding: 'utf8' });
}

describe('running a TypeScript program', () => {
  it('hands over the arguments as if the program had been run itself, and keeps its exit code', () => {
    const { stdout, status } = run(fixture, '--flag', 'two words');

    expect(JSON.parse(stdout)).toEqual({
      entry: resolve(fixture),
      programArguments: ['--flag', 'two words'],
    });
    expect(status).toBe(7);
  });

  it('says how it is used when there is no program', () => {
    const { stderr, status } = run();

    expect(stderr).toContain('Usage: node test/support/run.mjs');
    expect(status).toBe(2);
  });

  it('refuses a program outside of the project', () => {
    const { stderr, status } = run(resolve('..', 'elsewhere.ts'));

    expect(stderr).toContain('is outside of');
    expect(status).toBe(1);
  });

  it('shows the fuzz run’s options, and refuses unknown ones with exit code 2', () => {
    const help = run('test/proofs/fuzz/run.ts', '--help');
    const unknown = run('test/proofs/fuzz/run.ts', '--request', '1');

    expect(help.stdout).toContain('--stack-requests');
    expect(help.status).toBe(0);
    expect(unknown.stderr).toContain('--request');
    expect(unknown.status).toBe(2);
  });

  it('prints the figures of a small fuzz run as JSON', () => {
    const { stdout, status } = run(
      'test/proofs/fuzz/run.ts',
      '--requests=500',
      '--pairs=1',
      '--code-points=300',
      '--stack-requests=0',
      '--json',
    );

    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      problems: [],
      requests: { report: { requests: 500 } },
      codePoints: { report: { codePoints: 300 } },
    });
    expect(status).toBe(0);
  });
});
