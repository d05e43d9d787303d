import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  ChangeMessageVisibilityBatchCommand,
  type MessageAttributeValue,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { scripted } from '../../support/scripted-clients.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import type { Random } from '../harness/random.ts';
import type { FunctionName, Handler, Shipped } from '../harness/shipped.ts';
import { Injected } from '../harness/simulated/faults.ts';
import { connectlyInProcess, type Host } from '../harness/simulated/https-in-process.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import type { VirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { type Canaries, newCanaries } from './canaries.ts';
import { CanarySearch, type Hit, type Written } from './canary-search.ts';
import { readErrorTexts } from './error-texts.ts';
import { watchedOutputs } from './outputs.ts';

/** A message that a function has put on a queue. */
export interface Copy {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

export interface WorldOptions {
  readonly shipped: Shipped;
  readonly clock: VirtualClock;
  readonly deadlines: VirtualDeadlines;
  readonly random: Random;
}

/** How long an invocation may take at most: longer than any of the functions' own limits, in milliseconds. */
const longestMs = 120_000;

export const urls = {
  EVENTS_QUEUE_URL: 'https://sqs.example/events',
  SENDS_QUEUE_URL: 'https://sqs.example/sends',
  SENDS_DLQ_URL: 'https://sqs.example/sends-dlq',
  OUTCOMES_QUEUE_URL: 'https://sqs.example/outcomes',
} as const;

/** The functions of one stage with everything around them, for one run: what they write anywhere is kept. */
export class World {
  readonly canaries: Canaries;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly copies: Copy[] = [];
  readonly table = new LedgerTable();

  /** What Secrets Manager holds; `undefined`: it is away. */
  webhookSecret: string | undefined;
  apiKey: string | undefined;
  /** What a call for that queue fails with, if it does. */
  queueFault: (queue: string) => Error | undefined = () => undefined;
  /** Answers without a word that it is stored. */
  isUnconfirmed = false;
  ledgerFault: () => Error | undefined = () => undefined;
  connectly: Host = () => Promise.resolve({ status: 201, body: '{"id":"01VENDOR"}' });
  /** What Node says to a header of a request, if it refuses it. */
  headerFault: () => Error | undefined = () => undefined;
  variables: Readonly<Record<string, string>> = {};

  readonly #options: WorldOptions;
  readonly #written: Written[] = [];
  /** Read at the end: what a class adds to an error comes after it is made. */
  readonly #errors: unknown[] = [];
  readonly #search = new CanarySearch();
  readonly #taken = new Set<string>();
  readonly #injected = new WeakSet<Error>();
  readonly #running = new Map<FunctionName, Handler>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.random = options.random;
    this.clock = options.clock;
    this.canaries = newCanaries(options.random);
    const { phone, businessPhone, ...others } = this.canaries;
    this.#search.addPhone('phone', phone);
    this.#search.addPhone('business phone', businessPhone);
    for (const [name, value] of Object.entries(others)) this.#search.add(name, value);
    this.webhookSecret = JSON.stringify([this.canaries.otherSecret, this.canaries.webhookSecret]);
    this.apiKey = this.canaries.apiKey;
  }

  /** Which ends the run has come to, by the functions' own account. */
  get taken(): ReadonlySet<string> {
    return this.#taken;
  }

  /** A signature is a secret of the run, too. */
  watchSignature(signature: string): void {
    this.#search.add('signature', signature);
    this.#search.add('signature', Buffer.from(signature, 'base64').toString('hex'));
  }

  /** An error from outside that quotes what it should not, as SDKs and parsers do. */
  failure(name: string, message: string): Error {
    const error = Object.assign(new Error(message), { name, detail: message });
    this.#injected.add(error);
    return error;
  }

  /** Everything personal or secret in one text. */
  everything(): string {
    return Object.values(this.canaries).join(' ');
  }

  /** Invokes a function, starting it first; what it answers, or undefined when it failed. */
  async invoke(name: FunctionName, event: unknown, remainingMs = longestMs): Promise<unknown> {
    const invokedAt = this.clock.now();
    const context = {
      awsRequestId: 'request',
      getRemainingTimeInMillis: () => invokedAt + remainingMs - this.clock.now(),
    };
    let isOver = false;
    const ended = this.#run(name, event, context).finally(() => {
      isOver = true;
    });
    const isRunning = () => !isOver;
    for (let passedMs = 0; isRunning() && passedMs < 2 * longestMs; passedMs += 500)
      await this.clock.advance(500);
    if (isRunning()) throw new Error(`${name} does not end`);
    return ended;
  }

  /** Everything but the messages themselves is searched. */
  hits(): readonly Hit[] {
    for (const { queue, body, attributes } of this.copies) {
      this.#write(`an attribute on ${queue}`, JSON.stringify(attributes));
      const isReport = attributes['relay.kind'] !== undefined;
      if (isReport) this.#write('a report on the outcomes queue', body);
    }
    for (const item of this.table.items.values()) this.#write('the ledger table', JSON.stringify(item));
    for (const error of this.#errors)
      for (const text of readErrorTexts(error, this.#injected)) this.#write('an error', text);
    return this.#search.find(this.#written);
  }

  get writtenCount(): number {
    return this.#written.length;
  }

  async #run(name: FunctionName, ...[event, context]: Parameters<Handler>): Promise<unknown> {
    try {
      const handle = this.#running.get(name) ?? this.#start(name);
      this.#running.set(name, handle);
      const answer = await handle(event, context);
      this.#write(`the answer of ${name}`, JSON.stringify(answer));
      return answer;
    } catch (error) {
      // Lambda would write all of it into the log.
      this.#taken.add(`${name} failed`);
      this.#errors.push(error);
      return undefined;
    }
  }

  #start(name: FunctionName): Handler {
    const { shipped, clock, deadlines, random } = this.#options;
    const common = { clock, random: () => random.int(2 ** 32) / 2 ** 32 };
    const dynamoDb = createLedgerClient({
      ...common,
      table: this.table,
      life: createLife({ clock, endsHere: () => false }),
      deadlines,
      injected: new Injected(),
      faultShare: 0,
      isOut: () => {
        const fault = this.ledgerFault();
        if (fault !== undefined) throw fault;
        return false;
      },
    }).client;
    const { globals, modules } = connectlyInProcess(
      (request) => this.connectly(request),
      clock,
      () => this.headerFault(),
    );
    const surroundings = {
      variables: {
        STAGE: 'dev',
        LOG_LEVEL: 'debug',
        ...urls,
        LEDGER_TABLE: 'ledger',
        WEBHOOK_SECRET_ARN: 'webhook-secret',
        API_KEY_SECRET_ARN: 'api-key',
        CONNECTLY_BASE_URL: 'https://api.connectly.ai',
        BUSINESS_ID: 'business-1',
        SENDER_NUMBER: this.canaries.businessPhone,
        SENDS_PER_SECOND: '160',
        SENDER_CONCURRENCY: '2',
        SEND_WINDOW: '64',
        OUTCOME_WAIT_SECONDS: '1800',
        ...this.variables,
      },
      ...common,
      newId: () => `attempt-${random.int(2 ** 32)}`,
      write: (line: string) => this.#read('stdout', line),
      sqs: scripted.sqs((command) => this.#queue(command)),
      secretsManager: scripted.secretsManager((command) => this.#secret(command)),
      dynamoDb,
      modules,
      globals: {
        ...globals,
        ...watchedOutputs({
          onOutput: (stream, text) => this.#read(stream, text),
          onError: (error) => this.#errors.push(error),
        }),
      },
    };
    return shipped.start(name, surroundings);
  }

  async #queue(command: object): Promise<object> {
    if (!(command instanceof SendMessageCommand || command instanceof ChangeMessageVisibilityBatchCommand))
      throw new Error('a command that no adapter uses');
    const { QueueUrl: queue = '' } = command.input;
    const fault = this.queueFault(queue);
    if (fault !== undefined) throw fault;
    if (command instanceof SendMessageCommand) {
      const { MessageBody: body = '', MessageAttributes: attributes = {} } = command.input;
      this.copies.push({ queue, body, attributes });
    }
    if (this.isUnconfirmed) return {};
    if (command instanceof SendMessageCommand) return { MessageId: 'stored' };
    return { Successful: command.input.Entries?.map(({ Id }) => ({ Id })) };
  }

  async #secret(command: object): Promise<object> {
    if (!(command instanceof GetSecretValueCommand)) throw new Error('a command that no adapter uses');
    const value = command.input.SecretId === 'api-key' ? this.apiKey : this.webhookSecret;
    if (value === undefined) throw this.failure('InternalServiceError', `Lost: ${this.everything()}`);
    return { SecretString: value };
  }

  #read(stream: string, text: string): void {
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const isMetric = line.includes('"_aws"');
      this.#write(isMetric ? `a metric on ${stream}` : `a line on ${stream}`, line);
      const fields: unknown = JSON.parse(line);
      if (typeof fields === 'object' && fields !== null) this.#taken.add(endOf({ ...fields }));
    }
  }

  #write(where: string, text: string): void {
    this.#written.push({ where, text });
  }
}

/** A line of the log in the few words that a path is told by: `attempt refused expired`. */
function endOf(fields: Readonly<Record<string, unknown>>): string {
  const { event, type, result, code } = fields;
  const isOfOutcomes = event === 'settle' || event === 'report';
  const words = isOfOutcomes ? [event, type, result] : [event, result, code];
  return words.filter((word) => typeof word === 'string').join(' ');
}
