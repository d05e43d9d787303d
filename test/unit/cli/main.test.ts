import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { relay, relayWith, startRelay } from '../../support/relay-command.ts';
import { hang, startScriptedServer } from '../../support/scripted-server.ts';
import { eventually } from '../../support/waiting.ts';

/** A folder in which commands are typed. */
async function folder(files: Readonly<Record<string, string>> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'relay-typed-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const all = { 'package.json': '{"version":"1.2.3"}', ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text);
  return { root };
}

/** An AWS that takes what it is asked, and does not answer. */
async function silentAws() {
  const server = await startScriptedServer();
  server.script(hang);
  onTestFinished(() => server.close());
  const env = { AWS_ENDPOINT_URL: server.url.href, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  return { env, asked: () => server.requests.length };
}

const message = '{"type":"text","to":"+15555555555","text":"hello!"}';

describe('the command line', () => {
  it('writes to the streams that it is given', async () => {
    const place = await folder();

    const version = await relay(place, '--version');
    const misspelt = await relay(place, 'statsu');

    expect(version).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
    expect(misspelt).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('statsu') });
  });

  it('reads each run from its own stdin and its own folder', async () => {
    const [one, other] = [await folder({ 'm.json': message }), await folder({ 'm.json': '{}' })];

    const runs = await Promise.all([
      relay(one, 'validate', 'm.json'),
      relay(other, 'validate', 'm.json'),
      relayWith({ stdin: message }, other, 'validate', '-'),
    ]);

    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 3, 0]);
  });

  it('asks the AWS of its own environment, and ends at its own signal', async () => {
    const [one, other] = [await silentAws(), await silentAws()];
    const place = await folder();
    const first = startRelay({ env: one.env }, place, 'status', '--stage', 'dev');
    const second = startRelay({ env: other.env }, place, 'status', '--stage', 'dev');
    await eventually('both requests', () => one.asked() === 1 && other.asked() === 1);

    first.ctrlC();
    const { exitCode } = await first.ended;
    const stillWaits = await Promise.race([second.ended.then(() => false), Promise.resolve(true)]);
    second.signal('SIGTERM');
    await second.ended;

    expect({ exitCode, stillWaits }).toEqual({ exitCode: 130, stillWaits: true });
  });

  it('takes from .env what is not set already, and leaves the process as it is', async () => {
    const [set, ofFile] = [await silentAws(), await silentAws()];
    const lines = Object.entries(ofFile.env).map(([name, value]) => `${name}=${value}\n`);
    const place = await folder({ '.env': lines.join('') });
    const first = startRelay({}, place, 'status', '--stage', 'dev');
    await eventually('the request', () => ofFile.asked() === 1);

    const second = startRelay({ env: set.env }, place, 'status', '--stage', 'dev');
    await eventually('the other request', () => set.asked() === 1);
    for (const run of [first, second]) run.ctrlC();
    await Promise.all([first.ended, second.ended]);

    expect(ofFile.asked()).toBe(1);
    expect(process.env['AWS_ENDPOINT_URL']).toBeUndefined();
  });

  it('names a .env that cannot be read', async () => {
    const place = await folder();
    await mkdir(join(place.root, '.env'));

    const { exitCode, stderr } = await relay(place, 'validate', 'm.json');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('.env cannot be read. Correct or remove it.');
  });
});
