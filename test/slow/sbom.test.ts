import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { buildFunctions } from '../../build.mjs';

const run = promisify(execFile);
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

const billSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      name: z.string(),
      hashes: z.array(z.object({ alg: z.literal('SHA-512') })),
      properties: z.array(z.object({ name: z.string() })),
    }),
  ),
});

it('The bill of materials has each package that is bundled, as one that is deployed, with its hash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-bundles-'));
  const { inputs } = await buildFunctions(folder);
  await rm(folder, { recursive: true });
  const bundled = new Set(
    Object.keys(inputs).flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );

  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], {
    cwd: projectRoot,
    maxBuffer: 64 * 1024 * 1024,
  });

  const { components } = billSchema.parse(JSON.parse(stdout));
  const deployed = components
    .filter(({ properties }) => properties.every(({ name }) => name !== 'cdx:npm:package:development'))
    .map(({ name }) => name);
  expect(bundled.size).toBeGreaterThan(10);
  expect(deployed).toEqual(expect.arrayContaining([...bundled]));
  expect(components.every(({ hashes }) => hashes.length > 0)).toBe(true);
});
