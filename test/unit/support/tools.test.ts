import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installTool, ToolError, toolNames } from '../../support/tools.ts';

let projectRoot: string;

const requirements = 'moto==5.2.1 --hash=sha256:0123\n';

beforeEach(async () => {
  projectRoot = await mkdtemp(join(tmpdir(), 'relay-tools-'));
  await mkdir(join(projectRoot, 'test/support/requirements'), { recursive: true });
  await writeFile(join(projectRoot, 'test/support/requirements/moto.txt'), requirements);
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

  it('is installed by its hashes, and not again while these are the same', async () => {
    const python = await pythonThatNotes('pip-was-asked');

    const commands = await installTool('moto', { projectRoot, python });

    expect(commands).toBe(join(projectRoot, '.relay/tools/moto/bin'));
    expect(await readFile(join(commands, 'pip-was-asked'), 'utf8')).toContain(
      `--require-hashes --requirement ${join(projectRoot, 'test/support/requirements/moto.txt')}`,
    );
    await expect(installTool('moto', { projectRoot, python: 'false' })).resolves.toBe(commands);
  });

  it('is installed anew when one of its hashes is another, or when an installation was broken off', async () => {
    await installTool('moto', { projectRoot, python: await pythonThatNotes('pip-was-asked') });
    await writeFile(
      join(projectRoot, 'test/support/requirements/moto.txt'),
      requirements.replace('0123', '4567'),
    );

    await expect(installTool('moto', { projectRoot, python: 'false' })).rejects.toThrow(ToolError);
    await expect(installTool('moto', { projectRoot, python: 'false' })).rejects.toThrow(ToolError);
  });
});

/** A python3 whose environments have a pip that installs nothing and writes down its arguments beside itself. */
async function pythonThatNotes(file: string): Promise<string> {
  const python = join(projectRoot, 'python');
  const pip = `#!/bin/sh\necho "$@" >"$(dirname "$0")/${file}"\n`;
  await writeFile(
    python,
    `#!/bin/sh\nmkdir -p "$3/bin" && printf '%s' '${pip}' >"$3/bin/pip" && chmod +x "$3/bin/pip"\n`,
    { mode: 0o755 },
  );
  return python;
}

const ownRequirements = new URL('../../support/requirements/', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, ownRequirements), 'utf8');
const tools = readdirSync(ownRequirements)
  .filter((file) => file.endsWith('.in'))
  .map((file) => file.slice(0, -'.in'.length));

describe.each(tools)('What is installed for %s', (tool) => {
  const [options = '', ...locked] = textOf(`${tool}.txt`).split(/^(?=[a-z])/m);

  it('has one version each and its hashes, of wheels alone', () => {
    const one = /^[\w.-]+==\S+ (; .*)?\\(\n +--hash=sha256:[0-9a-f]{64}( \\)?)+\n+$/;

    const others = locked.filter((each) => !one.test(each));

    expect(options).toMatch(/^--only-binary :all:$/m);
    expect(others).toEqual([]);
  });

  it('is the version that is asked for, and nothing that no tool has', () => {
    const [asked = ''] = textOf(`${tool}.in`).match(/^[a-z].*$/m) ?? [];

    const names = locked.map((each) => each.split(' ')[0]);

    // An extra is among what is installed.
    expect(names).toContain(asked.replace(/\[.*\]/, ''));
    expect(toolNames).toContain(tool);
  });
});
