import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installTool, ToolError } from '../../support/tools.ts';

let projectRoot: string;

beforeEach(async () => {
  projectRoot = await mkdtemp(join(tmpdir(), 'relay-tools-'));
});

afterEach(() => rm(projectRoot, { recursive: true }));

describe('A tool that others wrote', () => {
  it('cannot be installed without Python, and says so', async () => {
    const installing = installTool('moto', { projectRoot, python: join(projectRoot, 'no-python') });

    await expect(installing).rejects.toThrow(ToolError);
    await expect(installing).rejects.toThrow('there is no python3 on the PATH');
  });

  it('cannot be installed where Python makes no environments, and says what is missing', async () => {
    const installing = installTool('moto', { projectRoot, python: 'false' });

    await expect(installing).rejects.toThrow('python3-venv');
  });

  it('is not installed again while its version is the same', async () => {
    const folder = join(projectRoot, '.relay/tools/moto');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'installed'), 'moto[server]==5.2.1');

    const commands = await installTool('moto', { projectRoot, python: 'false' });

    expect(commands).toBe(join(folder, 'bin'));
  });

  it('is installed anew when its version is another, or when an installation was broken off', async () => {
    const folder = join(projectRoot, '.relay/tools/moto');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'installed'), 'moto[server]==5.0.0');

    await expect(installTool('moto', { projectRoot, python: 'false' })).rejects.toThrow(ToolError);
    await expect(installTool('moto', { projectRoot, python: 'false' })).rejects.toThrow(ToolError);
  });
});
