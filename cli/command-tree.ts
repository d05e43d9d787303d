import type { LoadedCommand } from './command.ts';

/** A command, or a group of them. */
export type CommandNode = CommandLeaf | CommandGroup;

export interface CommandLeaf {
  readonly summary: string;
  /** Loaded when it is asked for: no command pays for what another one needs. */
  readonly load: () => Promise<LoadedCommand>;
}

export interface CommandGroup {
  readonly summary: string;
  readonly commands: CommandTree;
}

export type CommandTree = Readonly<Record<string, CommandNode>>;

/** Every command, in the order of the help. */
export const commandTree: CommandTree = {
  dev: {
    summary: 'run API Gateway, SQS, Secrets Manager, the functions and a fake Connectly on this machine',
    load: () => import('./dev/dev.ts').then(({ dev }) => dev),
  },
  demo: {
    summary: 'start a local stack, tell the whole story once with real requests, and stop',
    load: () => import('./demo/demo.ts').then(({ demo }) => demo),
  },
  send: {
    summary: 'queue one message, and follow it',
    commands: {
      text: {
        summary: 'send a text, to a customer who wrote within 24 hours',
        load: () => import('./send/send.ts').then(({ sendText }) => sendText),
      },
      template: {
        summary: 'send an approved template, to anybody',
        load: () => import('./send/send.ts').then(({ sendTemplate }) => sendTemplate),
      },
      attachment: {
        summary: 'send an image, a video, an audio or a document',
        load: () => import('./send/send.ts').then(({ sendAttachment }) => sendAttachment),
      },
      location: {
        summary: 'send a place on the map',
        load: () => import('./send/send.ts').then(({ sendLocation }) => sendLocation),
      },
      list: {
        summary: 'send a list to choose from',
        load: () => import('./send/send.ts').then(({ sendList }) => sendList),
      },
      buttons: {
        summary: 'send up to three buttons to reply with',
        load: () => import('./send/send.ts').then(({ sendButtons }) => sendButtons),
      },
      session: {
        summary: "send Connectly's own message object",
        load: () => import('./send/send.ts').then(({ sendSession }) => sendSession),
      },
    },
  },
  bulk: {
    summary: 'queue a whole file of messages',
    load: () => import('./bulk/bulk.ts').then(({ bulk }) => bulk),
  },
  simulate: {
    summary: 'send a signed webhook, as Connectly would',
    commands: {
      message: {
        summary: 'as if a customer had written',
        load: () => import('./simulate/simulate.ts').then(({ simulateMessage }) => simulateMessage),
      },
      status: {
        summary: 'as if a message had come further',
        load: () => import('./simulate/simulate.ts').then(({ simulateStatus }) => simulateStatus),
      },
      button: {
        summary: 'as if a customer had pressed a button',
        load: () => import('./simulate/simulate.ts').then(({ simulateButton }) => simulateButton),
      },
      location: {
        summary: 'as if a customer had sent a place',
        load: () => import('./simulate/simulate.ts').then(({ simulateLocation }) => simulateLocation),
      },
      report: {
        summary: 'as if a report had run',
        load: () => import('./simulate/simulate.ts').then(({ simulateReport }) => simulateReport),
      },
    },
  },
  doctor: {
    summary: 'check everything that sending and receiving need, each failure with its remedy',
    load: () => import('./doctor/doctor.ts').then((module) => module.doctor),
  },
  secrets: {
    summary: 'fill and rotate the webhook secret and the API key',
    commands: {
      set: {
        summary: 'fill a secret, from a hidden prompt or stdin',
        load: () => import('./secrets/set.ts').then(({ secretsSet }) => secretsSet),
      },
      status: {
        summary: 'whether the secrets are set, and since when; never their values',
        load: () => import('./secrets/status.ts').then(({ secretsStatus }) => secretsStatus),
      },
      rotate: {
        summary: 'change a secret without losing an event or a message',
        load: () => import('./secrets/rotate.ts').then(({ secretsRotate }) => secretsRotate),
      },
    },
  },
  webhook: {
    summary: 'point Connectly at the relay',
    commands: {
      status: {
        summary: "where Connectly's topics point",
        load: () => import('./webhook/status.ts').then(({ webhookStatus }) => webhookStatus),
      },
      register: {
        summary: "point Connectly's topics at an address",
        load: () => import('./webhook/register.ts').then(({ webhookRegister }) => webhookRegister),
      },
      unregister: {
        summary: "remove Connectly's topics that point here",
        load: () => import('./webhook/unregister.ts').then(({ webhookUnregister }) => webhookUnregister),
      },
      test: {
        summary: 'send a signed event through the public address, and find it on the events queue',
        load: () => import('./webhook/test.ts').then(({ webhookTest }) => webhookTest),
      },
    },
  },
  status: {
    summary: 'how everything is, on one screen',
    load: () => import('./status/status.ts').then((module) => module.status),
  },
  tail: {
    summary: 'webhooks and attempts to send, as they happen',
    load: () => import('./tail/tail.ts').then((module) => module.tail),
  },
  pause: {
    summary: 'stop sending: what is queued waits',
    load: () => import('./pause/pause.ts').then(({ pause }) => pause),
  },
  resume: {
    summary: 'send again after a pause',
    load: () => import('./resume/resume.ts').then(({ resume }) => resume),
  },
  dlq: {
    summary: 'look at the sends that nobody could deliver, and move them',
    commands: {
      ls: {
        summary: 'list them',
        load: () => import('./dlq/ls.ts').then(({ dlqLs }) => dlqLs),
      },
      show: {
        summary: 'everything about one of them',
        load: () => import('./dlq/show.ts').then(({ dlqShow }) => dlqShow),
      },
      explain: {
        summary: 'what they died of, and what to do',
        load: () => import('./dlq/explain.ts').then(({ dlqExplain }) => dlqExplain),
      },
      redrive: {
        summary: 'move them back to the sends queue; without --yes only say what would be moved',
        load: () => import('./dlq/redrive.ts').then(({ dlqRedrive }) => dlqRedrive),
      },
      export: {
        summary: 'print them as lines of JSON',
        load: () => import('./dlq/export.ts').then(({ dlqExport }) => dlqExport),
      },
      purge: {
        summary: 'delete them for good',
        load: () => import('./dlq/purge.ts').then(({ dlqPurge }) => dlqPurge),
      },
    },
  },
  explain: {
    summary: 'what an error code means, whether it is retried, and what to do',
    load: () => import('./explain/explain.ts').then(({ explain }) => explain),
  },
  schema: {
    summary: 'the JSON Schema of a message on the sends queue',
    load: () => import('./schema/schema.ts').then((module) => module.schema),
  },
  validate: {
    summary: 'check messages for the sends queue before they are queued',
    load: () => import('./validate/validate.ts').then(({ validate }) => validate),
  },
  verify: {
    summary: 'why the signature of a webhook does not hold, step by step',
    load: () => import('./verify/verify.ts').then(({ verify }) => verify),
  },
  completion: {
    summary: 'a script that lets a shell complete commands and options',
    load: () => import('./completion/completion.ts').then(({ completion }) => completion),
  },
};
