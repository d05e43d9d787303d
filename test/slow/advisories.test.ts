import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, listen } from '../support/listen.ts';

const run = promisify(execFile);
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));

let cache: string;
let server: Server | undefined;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'relay-npm-'));
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(cache, { recursive: true });
});

/** A registry that answers as npm's does: advisories by name, and the versions of a package that one is about. */
async function startRegistry(advisories: object): Promise<string> {
  server = createServer((request, response) => {
    request.resume();
    const name = decodeURIComponent(request.url ?? '').slice(1);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') response.end(JSON.stringify(advisories));
    else response.end(JSON.stringify(packumentOf(name)));
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}

function packumentOf(name: string) {
  const { version } = packages[`node_modules/${name}`];
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version } } };
}

const advisory = (severity: string, range = '*') => ({
  id: 4711,
  url: 'https://github.com/advisories/GHSA-4711',
  title: 'Reads what it should not',
  severity,
  vulnerable_versions: range,
});

/** Runs the check with a registry, by the npm of this machine. */
async function checkAdvisories(registry: string): Promise<{ exitCode: unknown; output: string }> {
  const program = ['test/support/run.mjs', 'test/dependencies/check-advisories.ts'];
  const environment = {
    npm_config_registry: registry,
    npm_config_cache: cache,
    npm_config_fetch_retries: '0',
  };
  try {
    const { stdout } = await run(process.execPath, program, {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
    });
    return { exitCode: 0, output: stdout };
  } catch (error) {
    return { exitCode: Object(error).code, output: String(Object(error).stdout) };
  }
}

describe('The check for known vulnerabilities', () => {
  it.each([
    { severity: 'moderate', name: 'zod', part: 'production' },
    { severity: 'high', name: 'csv-stringify', part: 'development' },
  ])('fails for a $severity one of a $part dependency', async ({ severity, name, part }) => {
    const registry = await startRegistry({ [name]: [advisory(severity)] });

    const { exitCode, output } = await checkAdvisories(registry);

    expect(output).toContain(
      `WRONG  ${name} * (${part}, ${severity}): Reads what it should not, https://github.com/advisories/GHSA-4711`,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    { severity: 'low', name: 'zod', part: 'production' },
    { severity: 'moderate', name: 'csv-stringify', part: 'development' },
  ])('tells a $severity one of a $part dependency, and passes', async ({ severity, name, part }) => {
    const registry = await startRegistry({ [name]: [advisory(severity)] });

    const { exitCode, output } = await checkAdvisories(registry);

    expect(output).toContain(`known  ${name} * (${part}, ${severity})`);
    expect(exitCode).toBe(0);
  });

  it('passes when the versions that are affected are others than those of the lock file', async () => {
    const registry = await startRegistry({ zod: [advisory('critical', '<1.0.0')] });

    const { exitCode, output } = await checkAdvisories(registry);

    expect(output).toBe('No package in the lock file has a known vulnerability that counts.\n');
    expect(exitCode).toBe(0);
  });

  it('says that it could not ask, and passes for nothing, where the registry takes no such question', async () => {
    server = createServer((_, response) => response.writeHead(405, { allow: 'GET,HEAD' }).end());
    const registry = `http://127.0.0.1:${await listen(server)}/`;

    const { exitCode, output } = await checkAdvisories(registry);

    expect(output).toContain('!!! NOT CHECKED for known vulnerabilities');
    expect(output).toContain('405 Method Not Allowed');
    expect(exitCode).toBe(75);
  });

  it('says so, too, where nobody answers', async () => {
    const registry = `http://127.0.0.1:${await freePort()}/`;

    const { exitCode, output } = await checkAdvisories(registry);

    expect(output).toContain('!!! NOT CHECKED for known vulnerabilities');
    expect(exitCode).toBe(75);
  });
});
