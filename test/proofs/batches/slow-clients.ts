import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { HttpClient, HttpResult } from '../../../lib/connectly/http.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Random } from '../harness/random.ts';
import { awsFailure } from '../harness/simulated/faults.ts';
import type { LedgerTable } from '../harness/simulated/ledger-client.ts';
import type { Life } from '../harness/simulated/life.ts';
import type { VirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';

/** How slow a service is: at once, anything it may take, all that it may take but a moment, or too slow to answer. */
export const speeds = ['quick', 'slow', 'just in time', 'silent'] as const;
export type Speed = (typeof speeds)[number];

export interface Slowness {
  readonly life: Life;
  readonly deadlines: VirtualDeadlines;
  readonly random: Random;
}

type Send = (command: object, given?: { readonly abortSignal?: AbortSignal }) => Promise<object>;

/** Makes every call of a client take its time; one that takes longer than it is given ends as the client would end it. */
export function slowed<Client extends SQSClient | DynamoDBClient | SecretsManagerClient>(
  client: Client,
  speed: () => Speed,
  { life, deadlines, random }: Slowness,
): Client {
  const send = sendOf(client);
  const slow: Send = (command, given) =>
    life.call(async () => {
      const leftMs = deadlines.leftMs(given?.abortSignal);
      const needsMs = delayOf(speed(), leftMs, random);
      await pause(life.clock, Math.min(leftMs, needsMs));
      // Too late for whoever waits; it may have been done all the same.
      const isLate = needsMs >= leftMs;
      if (isLate && random.chance(0.5)) throw awsFailure('AbortError');
      const answer = await send(command, given);
      if (isLate) throw awsFailure('AbortError');
      return answer;
    });
  return withSend(client, slow);
}

/** Every write meets somebody else's, who has written the same again: the revision has moved on. */
export function contended(
  client: DynamoDBClient,
  table: LedgerTable,
  isContended: () => boolean,
): DynamoDBClient {
  const send = sendOf(client);
  const meet: Send = (command, given) => {
    const key = command instanceof PutItemCommand ? command.input.Item?.['pk']?.S : undefined;
    const item = key === undefined ? undefined : table.items.get(key);
    if (key !== undefined && item !== undefined && isContended()) {
      table.items.set(key, { ...item, revision: { N: String(Number(item['revision']?.N) + 1) } });
    }
    return send(command, given);
  };
  return withSend(client, meet);
}

/** An acceptance, and what leads to an effect on a queue: a park, a later try, a copy for people. */
const answers = [201, 201, 500, 429, 400];

export interface SlowVendor {
  readonly createHttpClient: (options: { readonly deadlineMs: number }) => HttpClient;
  /** How many requests have begun, and how many of them have no end yet. */
  readonly begun: number;
  readonly underWay: number;
}

export interface SlowVendorOptions extends Omit<Slowness, 'deadlines'> {
  readonly isRefused: (key: string | undefined) => boolean;
}

/** Connectly, slow and with a 401 for a refused key; it gives up at the deadline as the HTTP client would. */
export function slowVendor(speed: () => Speed, { life, random, isRefused }: SlowVendorOptions): SlowVendor {
  let begun = 0;
  let underWay = 0;
  return {
    get begun() {
      return begun;
    },
    get underWay() {
      return underWay;
    },
    createHttpClient: ({ deadlineMs }) => ({
      request: ({ headers }) =>
        life.call(async (): Promise<HttpResult> => {
          begun += 1;
          underWay += 1;
          const needsMs = delayOf(speed(), deadlineMs, random);
          await pause(life.clock, Math.min(deadlineMs, needsMs));
          if (life.isOver) return new Promise<never>(() => {});
          underWay -= 1;
          if (needsMs >= deadlineMs) return { kind: 'no-answer', reason: 'deadline-passed' };
          const status = isRefused(headers['X-API-Key']) ? 401 : random.pick(answers);
          return { kind: 'answered', status, retryAfter: undefined, body: '{"id":"V1"}' };
        }),
    }),
  };
}

function delayOf(speed: Speed, leftMs: number, random: Random): number {
  switch (speed) {
    case 'quick':
      return 1 + random.int(20);
    case 'slow':
      return random.int(Math.max(1, Math.floor(leftMs)));
    case 'just in time':
      return Math.max(0, leftMs - 1);
    case 'silent':
      return Number.POSITIVE_INFINITY;
  }
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}

/** The client, but for how it sends. */
function withSend<Client extends object>(client: Client, send: Send): Client {
  const changed: Client = Object.create(client, { send: { value: send } });
  return changed;
}

function sendOf(client: { readonly send: unknown }): Send {
  const { send } = client;
  if (typeof send !== 'function') throw new TypeError('A client that cannot send.');
  return (command, given): Promise<object> => Reflect.apply(send, client, [command, given]);
}
