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

/** A command, whose module is loaded on demand: no command pays for what another one needs. */
function leaf(summary: string, load: CommandLeaf['load']): CommandLeaf {
  return { summary, load };
}

const send = () => import('./send/send.ts');
const simulate = () => import('./simulate/simulate.ts');

/** Every command, in the order of the help. */
export const commandTree: CommandTree = {
  dev: leaf(
    'run API Gateway, SQS, Secrets Manager, the functions and a fake Connectly on this machine',
    async () => (await import('./dev/dev.ts')).dev,
  ),
  demo: leaf(
    'start a local stack, tell the whole story once with real requests, and stop',
    async () => (await import('./demo/demo.ts')).demo,
  ),
  send: {
    summary: 'queue one message, and follow it',
    commands: {
      text: leaf('send a text, to a customer who wrote within 24 hours', async () => (await send()).sendText),
      template: leaf('send an approved template, to anybody', async () => (await send()).sendTemplate),
      attachment: leaf(
        'send an image, a video, an audio or a document',
        async () => (await send()).sendAttachment,
      ),
      location: leaf('send a place on the map', async () => (await send()).sendLocation),
      list: leaf('send a list to choose from', async () => (await send()).sendList),
      buttons: leaf('send up to three buttons to reply with', async () => (await send()).sendButtons),
      session: leaf("send Connectly's own message object", async () => (await send()).sendSession),
    },
  },
  bulk: leaf('queue a whole file of messages', async () => (await import('./bulk/bulk.ts')).bulk),
  simulate: {
    summary: 'send a signed webhook, as Connectly would',
    commands: {
      message: leaf('as if a customer had written', async () => (await simulate()).simulateMessage),
      status: leaf('as if a message had come further', async () => (await simulate()).simulateStatus),
      button: leaf('as if a customer had pressed a button', async () => (await simulate()).simulateButton),
      location: leaf('as if a customer had sent a place', async () => (await simulate()).simulateLocation),
      report: leaf('as if a report had run', async () => (await simulate()).simulateReport),
    },
  },
  preflight: leaf(
    'check, before a deployment, what it would meet: names that are taken, the state of the stack, quotas, permissions',
    async () => (await import('./preflight/preflight.ts')).preflight,
  ),
  doctor: leaf(
    'check everything that sending and receiving need, each failure with its remedy',
    async () => (await import('./doctor/doctor.ts')).doctor,
  ),
  secrets: {
    summary: 'fill and rotate the webhook secret and the API key',
    commands: {
      set: leaf(
        'fill a secret, from a hidden prompt or stdin',
        async () => (await import('./secrets/set.ts')).secretsSet,
      ),
      status: leaf(
        'whether the secrets are set, and since when; never their values',
        async () => (await import('./secrets/status.ts')).secretsStatus,
      ),
      rotate: leaf(
        'change a secret without losing an event or a message',
        async () => (await import('./secrets/rotate.ts')).secretsRotate,
      ),
    },
  },
  webhook: {
    summary: 'point Connectly at the relay',
    commands: {
      status: leaf(
        "where Connectly's topics point",
        async () => (await import('./webhook/status.ts')).webhookStatus,
      ),
      register: leaf(
        "point Connectly's topics at an address",
        async () => (await import('./webhook/register.ts')).webhookRegister,
      ),
      unregister: leaf(
        "remove Connectly's topics that point here",
        async () => (await import('./webhook/unregister.ts')).webhookUnregister,
      ),
      test: leaf(
        'send a signed event through the public address, and find it on the events queue',
        async () => (await import('./webhook/test.ts')).webhookTest,
      ),
    },
  },
  status: leaf('how everything is, on one screen', async () => (await import('./status/status.ts')).status),
  tail: leaf(
    'webhooks and attempts to send, as they happen',
    async () => (await import('./tail/tail.ts')).tail,
  ),
  pause: leaf('stop sending: what is queued waits', async () => (await import('./pause/pause.ts')).pause),
  resume: leaf('send again after a pause', async () => (await import('./resume/resume.ts')).resume),
  dlq: {
    summary: 'look at the sends that nobody could deliver, and move them',
    commands: {
      ls: leaf('list them', async () => (await import('./dlq/ls.ts')).dlqLs),
      show: leaf('everything about one of them', async () => (await import('./dlq/show.ts')).dlqShow),
      explain: leaf(
        'what they died of, and what to do',
        async () => (await import('./dlq/explain.ts')).dlqExplain,
      ),
      redrive: leaf(
        'move them back to the sends queue; without --yes only say what would be moved',
        async () => (await import('./dlq/redrive.ts')).dlqRedrive,
      ),
      export: leaf('print them as lines of JSON', async () => (await import('./dlq/export.ts')).dlqExport),
      purge: leaf('delete them for good', async () => (await import('./dlq/purge.ts')).dlqPurge),
    },
  },
  explain: leaf(
    'what an error code means, whether it is retried, and what to do',
    async () => (await import('./explain/explain.ts')).explain,
  ),
  policy: leaf(
    'the IAM policy of whoever deploys or types relay; with --stage, for that one alone',
    async () => (await import('./policy/policy.ts')).policy,
  ),
  schema: leaf(
    'the JSON Schema of a message on the sends queue',
    async () => (await import('./schema/schema.ts')).schema,
  ),
  validate: leaf(
    'check messages for the sends queue before they are queued',
    async () => (await import('./validate/validate.ts')).validate,
  ),
  verify: leaf(
    'why the signature of a webhook does not hold, step by step',
    async () => (await import('./verify/verify.ts')).verify,
  ),
  completion: leaf(
    'a script that lets a shell complete commands and options',
    async () => (await import('./completion/completion.ts')).completion,
  ),
};
