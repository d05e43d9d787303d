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

/** Runs a command to its end and resolves to what it printed. Rejects, with its own words, when that is not 0. */
export function runCommand(command: Command): Promise<string> {
  const { file, cwd, environment, input = '', signal } = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, command.arguments, {
      ...(cwd !== undefined && { cwd }),
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    });
    let printed = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else {
        const shown = [file, ...command.arguments].join(' ').slice(0, 200);
        reject(new Error(`${shown} ended with ${code}:\n${printed}${complaints}`));
      }
    });
    // A command that reads nothing may have closed its end already.
    child.stdin.on('error', () => {}).end(input);
  });
}
