import type { LoadedCommand } from './command.ts';

/** A command, or a group of them. */
export type CommandNode = CommandLeaf | CommandGroup;

export interface CommandLeaf {
  readonly summary: string;
  readonly load: () => Promise<LoadedCommand>;
}

export interface CommandGroup {
  readonly summary: string;
  readonly commands: CommandTree;
}

export type CommandTree = Readonly<Record<string, CommandNode>>;

/** A command, by its name in a module, which is loaded on demand: no command pays for what another one needs. */
function leaf<Name extends string>(
  summary: string,
  load: () => Promise<Readonly<Record<NoInfer<Name>, LoadedCommand>>>,
  name: Name,
): CommandLeaf {
  return { summary, load: async () => (await load())[name] };
}

const send = () => import('./send/send.ts');
const simulate = () => import('./simulate/simulate.ts');

/** Every command, in the order of the help. */
export const commandTree: CommandTree = {
  dev: leaf(
    'run API Gateway, SQS, Secrets Manager, the functions and a fake Connectly on this machine',
    () => import('./dev/dev.ts'),
    'dev',
  ),
  demo: leaf(
    'start a local stack, tell the whole story once with real requests, and stop',
    () => import('./demo/demo.ts'),
    'demo',
  ),
  send: {
    summary: 'queue one message, and follow it',
    commands: {
      text: leaf('send a text, to a customer who wrote within 24 hours', send, 'sendText'),
      template: leaf('send an approved template, to anybody', send, 'sendTemplate'),
      attachment: leaf('send an image, a video, an audio or a document', send, 'sendAttachment'),
      location: leaf('send a place on the map', send, 'sendLocation'),
      list: leaf('send a list to choose from', send, 'sendList'),
      buttons: leaf('send up to three buttons to reply with', send, 'sendButtons'),
      session: leaf("send Connectly's own message object", send, 'sendSession'),
    },
  },
  bulk: leaf('queue a whole file of messages', () => import('./bulk/bulk.ts'), 'bulk'),
  simulate: {
    summary: 'send a signed webhook, as Connectly would',
    commands: {
      message: leaf('as if a customer had written', simulate, 'simulateMessage'),
      status: leaf('as if a message had come further', simulate, 'simulateStatus'),
      button: leaf('as if a customer had pressed a button', simulate, 'simulateButton'),
      location: leaf('as if a customer had sent a place', simulate, 'simulateLocation'),
      report: leaf('as if a report had run', simulate, 'simulateReport'),
    },
  },
  doctor: leaf(
    'check everything that sending and receiving need, each failure with its remedy',
    () => import('./doctor/doctor.ts'),
    'doctor',
  ),
  secrets: {
    summary: 'fill and rotate the webhook secret and the API key',
    commands: {
      set: leaf(
        'fill a secret, from a hidden prompt or stdin',
        () => import('./secrets/set.ts'),
        'secretsSet',
      ),
      status: leaf(
        'whether the secrets are set, and since when; never their values',
        () => import('./secrets/status.ts'),
        'secretsStatus',
      ),
      rotate: leaf(
        'change a secret without losing an event or a message',
        () => import('./secrets/rotate.ts'),
        'secretsRotate',
      ),
    },
  },
  webhook: {
    summary: 'point Connectly at the relay',
    commands: {
      status: leaf("where Connectly's topics point", () => import('./webhook/status.ts'), 'webhookStatus'),
      register: leaf(
        "point Connectly's topics at an address",
        () => import('./webhook/register.ts'),
        'webhookRegister',
      ),
      unregister: leaf(
        "remove Connectly's topics that point here",
        () => import('./webhook/unregister.ts'),
        'webhookUnregister',
      ),
      test: leaf(
        'send a signed event through the public address, and find it on the events queue',
        () => import('./webhook/test.ts'),
        'webhookTest',
      ),
    },
  },
  status: leaf('how everything is, on one screen', () => import('./status/status.ts'), 'status'),
  tail: leaf('webhooks and attempts to send, as they happen', () => import('./tail/tail.ts'), 'tail'),
  pause: leaf('stop sending: what is queued waits', () => import('./pause/pause.ts'), 'pause'),
  resume: leaf('send again after a pause', () => import('./resume/resume.ts'), 'resume'),
  dlq: {
    summary: 'look at the sends that nobody could deliver, and move them',
    commands: {
      ls: leaf('list them', () => import('./dlq/ls.ts'), 'dlqLs'),
      show: leaf('everything about one of them', () => import('./dlq/show.ts'), 'dlqShow'),
      explain: leaf('what they died of, and what to do', () => import('./dlq/explain.ts'), 'dlqExplain'),
      redrive: leaf(
        'move them back to the sends queue; without --yes only say what would be moved',
        () => import('./dlq/redrive.ts'),
        'dlqRedrive',
      ),
      export: leaf('print them as lines of JSON', () => import('./dlq/export.ts'), 'dlqExport'),
      purge: leaf('delete them for good', () => import('./dlq/purge.ts'), 'dlqPurge'),
    },
  },
  explain: leaf(
    'what an error code means, whether it is retried, and what to do',
    () => import('./explain/explain.ts'),
    'explain',
  ),
  policy: leaf(
    'the IAM policy of whoever deploys or types relay; with --stage, for that one alone',
    () => import('./policy/policy.ts'),
    'policy',
  ),
  schema: leaf(
    'the JSON Schema of a message on the sends queue',
    () => import('./schema/schema.ts'),
    'schema',
  ),
  validate: leaf(
    'check messages for the sends queue before they are queued',
    () => import('./validate/validate.ts'),
    'validate',
  ),
  verify: leaf(
    'why the signature of a webhook does not hold, step by step',
    () => import('./verify/verify.ts'),
    'verify',
  ),
  completion: leaf(
    'a script that lets a shell complete commands and options',
    () => import('./completion/completion.ts'),
    'completion',
  ),
};
