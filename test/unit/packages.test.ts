import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const textOf = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

const lockSchema = z.object({
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.object({ integrity: z.string().optional(), link: z.boolean().optional() }),
  ),
});

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

describe('The packages that npm ci installs', () => {
  it('are each held to a SHA-512 of their content', async () => {
    const { lockfileVersion, packages } = lockSchema.parse(JSON.parse(await textOf('package-lock.json')));

    const { '': _, ...others } = packages;
    const unheld = Object.entries(others).filter(
      ([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity),
    );

    expect(lockfileVersion).toBe(3);
    expect(Object.keys(others).length).toBeGreaterThan(100);
    expect(unheld).toEqual([]);
  });

  it('run nothing of their own while they are installed, and are of the versions that are named', async () => {
    const { dependencies, devDependencies } = manifestSchema.parse(JSON.parse(await textOf('package.json')));

    const settings = (await textOf('.npmrc')).split('\n');
    const inexact = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );

    expect(settings).toContain('ignore-scripts=true');
    expect(inexact).toEqual([]);
  });
});
