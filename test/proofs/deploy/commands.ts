import { spawn } from 'node:child_process';

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the command reads from its standard input. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

/** How a command ended, and what it printed. */
export interface EndedCommand {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever that is. `whileItRuns` gets what presses Ctrl-C. */
export function runToEnd(
  command: Command,
  whileItRuns: (pressCtrlC: () => void) => void = () => {},
): Promise<EndedCommand> {
  const { file, cwd, environment, input = '', signal } = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, command.arguments, {
      ...(cwd !== undefined && { cwd }),
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    // A command that reads nothing may have closed its end already.
    child.stdin.on('error', () => {}).end(input);
    whileItRuns(() => void child.kill('SIGINT'));
  });
}

/** Runs a command to its end and resolves to what it printed. Rejects, with its own words, when that is not 0. */
export async function runCommand(command: Command): Promise<string> {
  const { exitCode, stdout, stderr } = await runToEnd(command);
  if (exitCode === 0) return stdout;
  const shown = [command.file, ...command.arguments].join(' ').slice(0, 200);
  throw new Error(`${shown} ended with ${exitCode}:\n${stdout}${stderr}`);
}
