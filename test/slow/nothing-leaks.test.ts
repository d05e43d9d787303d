import { describe, expect, it } from 'vitest';
import { demo } from '../../cli/demo/demo.ts';
import { startStackHere } from '../support/journey.ts';
import { canaries, leaksIn, number, planted } from '../support/leaks.ts';
import { copyProject } from '../support/project-copy.ts';
import { relay } from '../support/relay-command.ts';
import { patienceMs } from '../support/waiting.ts';

describe('what a stack prints that runs here', { timeout: 2 * patienceMs }, () => {
  it.concurrent.each([
    ['relay dev', []],
    ['relay dev --json', ['--json']],
  ])('has no secret, no number, no text and no escape byte: %s', async (_, options) => {
    const own = await startStackHere(...options);
    const type = (stdin: string, ...words: string[]) => own.relayWith({ stdin }, ...words, '--local');

    await own.fake('secrets', canaries);
    await type(canaries.apiKey, 'secrets', 'set', 'api-key', '--yes');
    await type(canaries.webhookSecret, 'secrets', 'set', 'webhook-secrets', '--yes');
    await own.fake('inbound', { from: number, text: 'canary-text' });
    const words = ['send', 'text', '--text', 'canary-text', '--follow'];
    const sent = await type('', ...words, '--to', number);
    const refused = await type('', ...words, '--to', '+15550009876');
    await own.end();
    const { stdout, stderr } = await own.dev.ended;

    expect([sent.exitCode, refused.exitCode]).toEqual([0, 5]);
    const printed = stdout + stderr;
    // Not the secret that every local stack begins with: it stands in the commands to paste.
    const canariesHere = [...planted, 'canary-text', '5550009876'];
    expect(canariesHere.filter((canary) => printed.includes(canary))).toEqual([]);
  });

  it.concurrent.each<[string, string[], (stdout: string) => number]>([
    ['relay demo', [], (stdout) => stdout.split('each once.').length - 1],
    ['relay demo --json', ['--json'], (stdout) => demo.result.parse(JSON.parse(stdout)).steps.length],
  ])('tells its story with no secret, no full number and no escape byte: %s', async (_, options, count) => {
    const project = await copyProject();

    const { exitCode, stdout, stderr } = await relay(project, 'demo', ...options);
    await project.remove();

    expect(exitCode).toBe(0);
    expect(count(stdout)).toBeGreaterThan(0);
    expect(leaksIn(stdout + stderr)).toEqual([]);
    expect(stdout + stderr).not.toMatch(/\+\d{8}/);
  });
});
