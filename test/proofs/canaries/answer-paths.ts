import { vendorErrors } from '../../../lib/connectly/vendor-errors.ts';
import type { HttpAnswer } from '../harness/simulated/https-in-process.ts';
import type { Path } from './path.ts';
import { messageBody, recordOf } from './records.ts';
import type { World } from './world.ts';

/** Answers of Connectly that quote the customer, the message and the key wherever they have room for words. */
type Body = (world: World, code: string) => string;

const problem: Body = (world, code) =>
  JSON.stringify({
    code,
    type: 'ERROR_TYPE_INVALID_REQUEST',
    message: `${world.canaries.vendorText} ${world.everything()}`,
    userMessage: world.canaries.vendorText,
    details: [{ to: world.canaries.phone, text: world.canaries.text, key: world.canaries.apiKey }],
    cntTraceId: '4711',
  });

const bodies = {
  problem,
  page: (world) => `<html><body>${world.everything()}</body></html>`,
  'wrong types': (world) =>
    JSON.stringify({ code: world.canaries.text, id: world.everything(), cntTraceId: world.canaries.phone }),
  'no end': (world) => `{"message":"${world.canaries.vendorText}`,
  'far too much': (world) => world.canaries.vendorText.repeat(2_500),
} satisfies Readonly<Record<string, Body>>;

/** What a send comes to that is answered 2xx with each of them. */
const of2xx: readonly (readonly [takes: string, name: string, body: Body])[] = [
  ['attempt unclear', 'a code', problem],
  ['attempt accepted', 'wrong types', bodies['wrong types']],
  ['attempt unclear', 'a page', bodies.page],
  ['attempt unclear', 'no end', bodies['no end']],
  ['attempt unclear', 'far too much', bodies['far too much']],
];

const unspecified = 'ERROR_CODE_UNSPECIFIED';

interface Answered {
  readonly status: number;
  readonly retryAfter?: (world: World) => string;
  /** One of them at random unless given. */
  readonly says?: { readonly name: string; readonly body: Body };
  readonly takes: string;
}

const inAMinute = () => '60';
const quoting = (world: World) => world.everything();

const answers: readonly Answered[] = [
  ...of2xx.flatMap(([takes, name, body]) =>
    [200, 201, 202].map((status) => ({ status, says: { name, body }, takes })),
  ),
  ...[301, 302, 307, 308].map((status) => ({ status, takes: `attempt not-sent connectly-${status}` })),
  ...[401, 403, 404, 407].map((status) => ({ status, takes: `attempt not-sent connectly-${status}` })),
  ...[425, 429].map((status) => ({ status, takes: `attempt not-sent connectly-${status}` })),
  { status: 429, retryAfter: inAMinute, takes: 'attempt not-sent connectly-429' },
  { status: 429, retryAfter: quoting, takes: 'attempt not-sent connectly-429' },
  { status: 503, retryAfter: inAMinute, takes: 'attempt not-sent connectly-503' },
  { status: 503, retryAfter: quoting, takes: 'attempt unclear connectly-503' },
  ...[400, 409, 413, 422].map((status) => ({ status, takes: 'attempt refused' })),
  ...[408, 500, 502, 503, 504, 520].map((status) => ({
    status,
    takes: `attempt unclear connectly-${status}`,
  })),
];

async function sendTo(world: World, answer: HttpAnswer | 'not-connected'): Promise<void> {
  world.connectly = () => (answer === 'not-connected' ? answer : Promise.resolve(answer));
  await world.invoke('send-message', { Records: [recordOf(world, messageBody(world))] });
}

export const answerPaths: readonly Path[] = [
  ...answers.map(({ status, retryAfter, says, takes }) => ({
    name: [
      `send: ${status}`,
      retryAfter && `with ${retryAfter.name} for a Retry-After`,
      says && `with ${says.name}`,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
    takes: [takes],
    run(world: World) {
      const body = (says?.body ?? world.random.pick(Object.values(bodies)))(world, unspecified);
      return sendTo(world, {
        status,
        body,
        ...(retryAfter !== undefined && { retryAfter: retryAfter(world) }),
      });
    },
  })),
  ...Object.entries(vendorErrors).map(([code, { disposition }]) => ({
    name: `send: ${code}`,
    takes: [`attempt ${disposition === 'refused' ? 'refused' : 'not-sent'} ${code}`],
    run: (world: World) =>
      sendTo(world, { status: world.random.pick([400, 403, 404, 422]), body: problem(world, code) }),
  })),
  {
    name: 'send: a code of tomorrow',
    takes: ['attempt refused ERROR_CODE_OF_TOMORROW'],
    run: (world) => sendTo(world, { status: 400, body: problem(world, 'ERROR_CODE_OF_TOMORROW') }),
  },
  {
    name: 'send: nobody listens',
    takes: ['attempt not-sent connection-failed'],
    run: (world) => sendTo(world, 'not-connected'),
  },
  ...(['reset', 'hang'] as const).map((answer) => ({
    name: `send: ${answer}`,
    takes: ['attempt unclear no-answer'],
    run: (world: World) => sendTo(world, answer),
  })),
  {
    name: 'send: the client itself throws',
    takes: ['attempt-failed'],
    async run(world) {
      world.headerFault = () =>
        world.failure('TypeError', `Invalid character in header content: ${world.everything()}`);
      await world.invoke('send-message', { Records: [recordOf(world, messageBody(world))] });
    },
  },
];
