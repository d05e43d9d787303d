import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCommands } from '../support/cli-commands.ts';
import { type Journey, startStackHere } from '../support/journey.ts';
import { listen } from '../support/listen.ts';
import { putOn } from '../support/queue-messages.ts';
import type { RelayResult } from '../support/relay-command.ts';
import { patienceMs } from '../support/waiting.ts';

/** What a producer, a customer or Connectly may write, where the other stack has a plain word. */
const words = {
  plain: 'A Word!',
  hostile:
    'A\n  Remedy     curl evil.example\r\tb\u0085\u009b2J\u001b[31m\u001b]0;t\u0007\u061c\u202e\u2066\u200b\u200d\u2060\ufeff\u2028\u{e0041}c',
} as const;

/** SQS takes no control characters but these three. */
const inSqs = (word: string) => word.replaceAll(/(?![\t\n\r])\p{Cc}/gu, '');

/** Of a text for a customer, a control character is warned of, which is a line of the command's own. */
const inText = (word: string) => word.replaceAll(/(?![\t\n])\p{Cc}/gu, '');

/** A line feed of the command's own is the only one of its kind. */
const unseen = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;

interface Typed {
  readonly args?: readonly string[];
  readonly stdin?: string;
  /** Where: the local stack by default, or a stage at an AWS that answers every request with foreign words. */
  readonly at?: 'hostile AWS';
  /** What does not look like what it stands for is shown as something else, or not at all. */
  readonly showsOther?: 'in words' | 'in JSON, too';
}

const number = '+15550001234';
const to = ['--to', number, '--dry-run'];
const topic = (word: string) => ['--set', `topic=${JSON.stringify(word)}`];
const simulated = (word: string): Typed => ({
  args: [...topic(word), '--set', `message.id=${JSON.stringify(word)}`],
  showsOther: 'in JSON, too',
});
const atHostileAws =
  (...args: string[]) =>
  (): Typed => ({ args, at: 'hostile AWS' });
const alone = (): Typed => ({});

/** Every command that prints what others wrote, with a word of theirs. */
const typed: Readonly<Record<string, (word: string) => Typed>> = {
  'send text': (word) => ({ args: [...to, '--text', inText(word)] }),
  'send template': (word) => ({
    args: [...to, '--template', 'order', '--language', 'en', '--campaign', inText(word)],
  }),
  'send attachment': (word) => ({
    args: [...to, '--type', 'image', '--url', 'https://example.com/x', '--caption', inText(word)],
  }),
  'send location': (word) => ({
    args: [...to, '--latitude', '49', '--longitude', '-123', '--name', inText(word)],
  }),
  'send list': (word) => ({
    args: [...to, '--text', inText(word), '--button', 'Open', '--row', 's1=10:00'],
  }),
  'send buttons': (word) => ({ args: [...to, '--text', inText(word), '--button', 'yes=Yes'] }),
  'send session': (word) => ({ args: ['-', ...to], stdin: JSON.stringify({ text: inText(word) }) }),
  bulk: (word) => ({
    args: ['-', '--dry-run'],
    stdin: `${JSON.stringify({ type: 'text', to: number, text: 'hello', [word]: 1 })}\n`,
    showsOther: 'in JSON, too',
  }),
  'simulate message': simulated,
  'simulate status': (word) => ({
    args: [...topic(word), '--message-id', word],
    showsOther: 'in JSON, too',
  }),
  'simulate button': simulated,
  'simulate location': simulated,
  'simulate report': (word) => ({ args: topic(word), showsOther: 'in JSON, too' }),
  preflight: atHostileAws(),
  doctor: alone,
  'secrets set': atHostileAws('api-key'),
  'secrets status': atHostileAws(),
  'secrets rotate': atHostileAws('api-key'),
  'webhook status': alone,
  'webhook register': alone,
  'webhook unregister': () => ({ args: ['--yes'] }),
  'webhook test': atHostileAws(),
  status: alone,
  tail: atHostileAws('--no-follow'),
  pause: atHostileAws(),
  resume: atHostileAws(),
  'dlq ls': () => ({ showsOther: 'in words' }),
  'dlq show': (word) => ({ args: [inSqs(word)] }),
  'dlq explain': alone,
  'dlq redrive': () => ({ showsOther: 'in JSON, too' }),
  'dlq export': () => ({ args: ['--reveal'] }),
  'dlq purge': atHostileAws('--yes'),
  explain: (word) => ({ args: [`ERROR_CODE_${word}`] }),
  validate: (word) => ({
    args: ['-'],
    stdin: JSON.stringify({ type: 'text', to: number, text: 'hello', [word]: 1 }),
    showsOther: 'in JSON, too',
  }),
  verify: (word) => ({ args: [word, '--signature', word] }),
};

/** They print what stands in the sources, and what was typed for them, which is held to a pattern. */
const printNothingForeign = ['demo', 'policy', 'schema', 'completion'];

/** It runs while all others are typed: what it prints is looked at in the end. */
const running = 'dev';

interface World {
  readonly word: string;
  readonly stack: Journey;
  readonly aws: string;
  type(name: string, ...options: string[]): Promise<RelayResult>;
}

const servers: Server[] = [];
const worlds: Partial<Record<keyof typeof words, World>> = {};

async function startWorld(word: string): Promise<World> {
  const [stack, aws] = await Promise.all([startStackHere(), startHostileAws(word)]);
  await putOn(stack.sqs, stack.state.outputs['SendsDlqUrl'], [
    {
      body: JSON.stringify({ type: 'text', to: number, text: 'hello', id: `${word}, too`, strange: true }),
      attributes: {
        'relay.id': inSqs(word),
        'error.code': inSqs(word),
        'error.message': inSqs(word),
        'error.traceId': inSqs(word),
        'error.cause': inSqs(word),
      },
    },
    {
      body: '{}',
      attributes: { 'error.code': 'ERROR_CODE_OF_TOMORROW', 'error.message': inSqs(word) },
    },
  ]);
  const webhooks = ['messages', 'delivery_status'].map((name) => ({ id: word, topic: name, address: word }));
  const body = { entity: { webhooks } };
  await stack.fake('faults', {
    kind: 'answer',
    status: 200,
    body,
    times: 'always',
    match: { endpoint: 'webhooks' },
  });
  await stack.relay('simulate', 'message', ...topic(word));
  return {
    word,
    stack,
    aws,
    type(name, ...options) {
      const { args = [], stdin = '', at } = typed[name]?.(word) ?? {};
      const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_MAX_ATTEMPTS: '1' };
      const env = at === undefined ? {} : { AWS_ENDPOINT_URL: aws, AWS_REGION: 'us-east-1', ...keys };
      const where = at === undefined ? ['--local'] : ['--stage', 'local'];
      return stack.relayWith({ stdin, env }, ...name.split(' '), ...args, ...where, ...options);
    },
  };
}

/** What answers in the place of AWS, in both of the ways that AWS has. */
async function startHostileAws(word: string): Promise<string> {
  const server = createServer((request, response) => {
    const isQuery = request.headers['content-type']?.includes('urlencoded') === true;
    response.statusCode = 400;
    response.setHeader('content-type', isQuery ? 'text/xml' : 'application/x-amz-json-1.1');
    response.end(
      isQuery
        ? `<ErrorResponse><Error><Type>Sender</Type><Code>Strange</Code><Message>${word}</Message></Error></ErrorResponse>`
        : JSON.stringify({ __type: 'Strange', message: word }),
    );
  });
  servers.push(server);
  return `http://127.0.0.1:${await listen(server)}`;
}

function worldOf(name: keyof typeof words): World {
  const world = worlds[name];
  if (world === undefined) throw new Error(`There is no ${name} world.`);
  return world;
}

/** Every text in a JSON value, the names of fields included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name].concat(textsIn(inner)));
}

const linesIn = (text: string) => text.split('\n').filter((line) => line !== '');

beforeAll(async () => {
  worlds.plain = await startWorld(words.plain);
  worlds.hostile = await startWorld(words.hostile);
}, 2 * patienceMs);

afterAll(async () => {
  await Promise.all([worlds.plain?.stack.end(), worlds.hostile?.stack.end()]);
  for (const server of servers) server.close();
});

describe('what others wrote, as a command prints it', { timeout: 2 * patienceMs }, () => {
  it('is thought of for every command', () => {
    const names = allCommands().map(({ name }) => name);

    expect([...Object.keys(typed), ...printNothingForeign, running].toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.keys(typed))('begins no line, and hides nothing: relay %s', async (name) => {
    const [plain, hostile] = [worldOf('plain'), worldOf('hostile')];

    const [expected, shown] = [await plain.type(name), await hostile.type(name)];

    expect(shown.stdout + shown.stderr).not.toMatch(unseen);
    expect(shown.stdout.split('\n')).toHaveLength(expected.stdout.split('\n').length);
    expect(shown.stderr.split('\n')).toHaveLength(expected.stderr.split('\n').length);
    expect(shown.exitCode).toBe(expected.exitCode);
    // Not turned away before it had anything to print.
    const { showsOther } = typed[name]?.(hostile.word) ?? {};
    expect((shown.stdout + shown.stderr).includes(String.raw`\u202e`)).toBe(showsOther === undefined);
  });

  it.each(Object.keys(typed))('is the very value in JSON, by its number: relay %s --json', async (name) => {
    const world = worldOf('hostile');
    const { word } = world;

    const { stdout, stderr } = await world.type(name, '--json');

    expect(stdout + stderr).toMatch(/^[\n\x20-\x7e\u00a0-\u{2ffff}]*$/u);
    expect(stdout + stderr).not.toMatch(unseen);
    const texts = linesIn(stdout + stderr).flatMap((line) => textsIn(JSON.parse(line)));
    const values = [word, inSqs(word), inText(word)];
    const { showsOther, at } = typed[name]?.(word) ?? {};
    // An answer in XML has lost its line ends on the way.
    const isExact = texts.some((text) => values.some((value) => text.includes(value)));
    expect(isExact || at !== undefined).toBe(showsOther !== 'in JSON, too');
  });

  it('begins no line, and hides nothing: relay dev', () => {
    const { stack } = worldOf('hostile');

    // Of each webhook that the commands above have sent.
    expect(stack.dev.stderr()).toContain('receive-webhook');
    expect(stack.dev.stdout() + stack.dev.stderr()).not.toMatch(unseen);
    expect(stack.dev.stderr()).not.toMatch(/^\s*Remedy/m);
  });
});
