import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLambdaFunction,
  type FunctionLog,
  type InvocationReport,
  type LambdaFunction,
  type LambdaFunctionOptions,
} from '../../local/aws/lambda/lambda-function.ts';

export const projectRoot = process.cwd();

export interface FunctionUnderTest extends LambdaFunction {
  readonly codeDirectory: string;
  /** Complete lines of output, with the request that they belong to. */
  readonly lines: {
    readonly requestId: string | undefined;
    readonly stream: string;
    readonly line: string;
  }[];
  readonly reports: InvocationReport[];
  replaceCode(source: string): Promise<void>;
}

/** Functions made from source text, each in a folder of its own; `removeAll` ends and deletes them. */
export function createFunctionWorkshop() {
  const made: FunctionUnderTest[] = [];
  return {
    /** `source` is CommonJS that exports a `handler`. */
    async make(source: string, options: Partial<LambdaFunctionOptions> = {}): Promise<FunctionUnderTest> {
      const codeDirectory = await mkdtemp(join(tmpdir(), 'relay-function-'));
      const file = join(codeDirectory, 'index.cjs');
      await writeFile(file, source);
      const lines: FunctionUnderTest['lines'] = [];
      const reports: InvocationReport[] = [];
      const created = createLambdaFunction({
        name: 'under-test',
        projectRoot,
        codeDirectory,
        handler: 'index.handler',
        timeoutSeconds: 30,
        memoryMb: 256,
        environment: {},
        region: 'eu-west-1',
        accountId: '123456789012',
        maximumConcurrency: 1,
        onLog(log: FunctionLog) {
          if (log.stream === 'platform') reports.push(log.report);
          else lines.push({ requestId: log.requestId, stream: log.stream, line: log.line });
        },
        ...options,
      });
      const underTest = {
        ...created,
        codeDirectory,
        lines,
        reports,
        replaceCode: (text: string) => writeFile(file, text),
      };
      made.push(underTest);
      return underTest;
    },
    async removeAll(): Promise<void> {
      for (const each of made.splice(0)) {
        await each.close();
        await rm(each.codeDirectory, { recursive: true, force: true });
      }
    },
  };
}

/** Whether a process still runs; one that has ended and that nobody has asked about (a zombie) does not. */
export function stillRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
