import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proofs } from './index.ts';

const runner = resolve('test/support/run.mjs');
const fixture = 'test/proofs/fixtures/says-its-arguments.ts';

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
});

const prove = (...programArguments: string[]) => run('test/proofs/prove.ts', ...programArguments);

describe('npm run prove', () => {
  it('lists every proof with its counts and defects', () => {
    const { stdout, status } = prove();

    const names = Array.from(stdout.matchAll(/^[a-z]+$/gm), ([name]) => name);
    expect(names).toEqual(proofs.map(({ name }) => name));
    expect(stdout).toContain('100,000 messages under each policy, with each seed (in CI 3,000)');
    expect(stdout).toMatch(/plants \d+ defects/);
    expect(status).toBe(0);
  });

  it.each([
    ['a proof that is none', ['fuss'], 'There is no proof fuss.'],
    ['an option that is none', ['fuzz', '--request', '1'], '--request'],
  ])('refuses %s with exit code 2', (_, programArguments, problem) => {
    const { stderr, status } = prove(...programArguments);

    expect(stderr).toContain(problem);
    expect(stderr).toContain('Usage: npm run prove');
    expect(status).toBe(2);
  });

  it('prints the figures of a small run as JSON', () => {
    const { stdout, stderr, status } = prove(
      'fuzz',
      '--part=requests',
      '--requests=500',
      '--seed=7',
      '--json',
    );

    expect(JSON.parse(stdout)).toMatchObject({
      misses: [],
      runs: [{ where: 'requests, seed 7', report: { requests: 500 } }],
    });
    expect(stderr).toContain('seeds: 7');
    expect(status).toBe(0);
  });
});
