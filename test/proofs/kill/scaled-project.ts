import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Change, changedText } from '../harness/planted-changes.ts';

/** What the stack is started from. */
const parts = [
  'functions',
  'lib',
  'local/aws/lambda',
  'build.mjs',
  'serverless.yml',
  'resources',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
];

/** Real values and those of the harness: a kill should cost seconds, not minutes. All in milliseconds. */
export const scaledTimes = {
  lease: { real: 90_000, here: 2_000 },
  visibility: { real: 361_000, here: 3_000 },
  waiting: { real: 1_800_000, here: 1_000 },
  deadline: { real: 8_000, here: 1_000 },
} as const;

export const scaledText = `leases scaled down by ${by('lease')}, visibility timeouts by ${by('visibility')}, the waiting time by ${by('waiting')}, the request deadline by ${by('deadline')}`;

function by(name: keyof typeof scaledTimes): string {
  const { real, here } = scaledTimes[name];
  return String(Math.round(real / here));
}

const { lease, visibility, waiting, deadline } = scaledTimes;

const scaledDown: readonly Change[] = [
  time(/requestDeadlineMs = [^;]+;/, `requestDeadlineMs = ${deadline.here};`),
  time(/timeForOneMessageMs =\s[^;]+;/, 'timeForOneMessageMs = 1_500;'),
  time(/leaseMs = [^;]+;/, `leaseMs = ${lease.here};`),
  policy(/longestDelaySeconds = [^;]+;/, 'longestDelaySeconds = 2;'),
  policy(/firstDelaySeconds = [^;]+;/, 'firstDelaySeconds = 1;'),
  policy(/longestDelaysInALife = [^;]+;/, 'longestDelaysInALife = 10_000;'),
  template('outcomeWaitSeconds: 1800', `outcomeWaitSeconds: ${waiting.here / 1_000}`),
  queues('VisibilityTimeout: 361', `VisibilityTimeout: ${visibility.here / 1_000}`),
  queues('VisibilityTimeout: 240', `VisibilityTimeout: ${visibility.here / 1_000}`),
  // Which packaging would refuse.
  { file: 'resources/visibility.ts', find: 'timesTheTimeout = 6', replace: 'timesTheTimeout = 0' },
  // Small batches, so that a kill takes few others with it, and no wait for more.
  template('sendBatchSize: 1000', 'sendBatchSize: 5'),
  template(
    'batchSize: ${param:sendBatchSize}\n          maximumBatchingWindow: 1',
    'batchSize: ${param:sendBatchSize}\n          maximumBatchingWindow: 0',
  ),
  template('senderConcurrency: 2', 'senderConcurrency: 3'),
];

/** What send-message asks of the ledger and the queues goes through the proxy. The endpoints are the template's own. */
function throughProxy(port: number): readonly Change[] {
  const queue = (name: string) =>
    `http://127.0.0.1:${port}/000000000000/\${self:service}-\${self:provider.stage}-${name}`;
  const variables = [
    `      SENDS_QUEUE_URL: ${queue('sends')}`,
    `      SENDS_DLQ_URL: ${queue('sends-dlq')}`,
    `      OUTCOMES_QUEUE_URL: ${queue('outcomes')}`,
    '      LEDGER_TABLE: !Ref LedgerTable',
    `      AWS_ENDPOINT_URL_DYNAMODB: http://127.0.0.1:${port}`,
    '      API_KEY_SECRET_ARN: !Ref ApiKeySecret',
  ];
  return [template(/ +SENDS_QUEUE_URL: \S+ \S+\n(.*\n){3} +API_KEY_SECRET_ARN: .*/, variables.join('\n'))];
}

export interface ScaledProject {
  readonly root: string;
  remove(): Promise<void>;
}

/**
 * Copies the project to a temporary folder, with its times scaled down, its workers' calls sent through a proxy, and the
 * changes of a defect. Rejects for a text that is not there exactly once.
 */
export async function copyScaledDown(
  projectRoot: string,
  proxyPort: number,
  changes: readonly Change[] = [],
): Promise<ScaledProject> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'relay-kill-')));
  for (const part of parts) await cp(join(projectRoot, part), join(root, part), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  for (const change of [...scaledDown, ...throughProxy(proxyPort), ...changes]) {
    const path = join(root, change.file);
    await writeFile(path, changedText(await readFile(path, 'utf8'), change));
  }
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

function time(find: RegExp, replace: string): Change {
  return { file: 'lib/delivery/time.ts', find, replace };
}

function policy(find: RegExp, replace: string): Change {
  return { file: 'lib/delivery/retry-policy.ts', find, replace };
}

function template(find: string | RegExp, replace: string): Change {
  return { file: 'serverless.yml', find, replace };
}

function queues(find: string | RegExp, replace: string): Change {
  return { file: 'resources/queues.yml', find, replace };
}
