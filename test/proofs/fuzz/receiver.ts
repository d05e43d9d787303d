import type { RequestParts } from './request.ts';

/** What is under test: the receive use case, or a broken copy of it. */
export type CreateReceiver = (ports: ReceiverPorts) => {
  // A method, not a property: the use case takes API Gateway's event, and is handed worse.
  receive(request: RequestParts): Promise<{ readonly status: number }>;
};

export interface ReceiverPorts {
  readonly secrets: {
    current(): Promise<{ readonly value: readonly string[]; readonly stale: boolean }>;
    refreshed(): Promise<{ readonly value: readonly string[]; readonly stale: boolean }>;
  };
  readonly events: { publish(event: PublishedEvent): Promise<void> };
  readonly now: () => number;
}

export interface PublishedEvent {
  readonly id: string;
  readonly topic: string;
  readonly body: string;
}

/** One request's way through the receiver, as seen from outside. */
export interface Passage {
  /** Undefined when the receiver threw. */
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly published: readonly PublishedEvent[];
  readonly secretReads: number;
  readonly receivedAt: number;
}

/** A receiver between a queue and a secret in memory, both of which always answer. */
export function createRig(createReceiver: CreateReceiver) {
  let live: readonly string[] = [];
  let published: PublishedEvent[] = [];
  let secretReads = 0;
  let receivedAt = Date.UTC(2026, 10, 22, 10);

  async function read() {
    secretReads++;
    return { value: live, stale: false };
  }
  const receiver = createReceiver({
    secrets: { current: read, refreshed: read },
    events: {
      publish: async (event) => {
        published.push(event);
      },
    },
    now: () => receivedAt,
  });

  return {
    /** One at a time: what is published meanwhile counts as this request's. */
    async pass(request: RequestParts, secrets: readonly string[]): Promise<Passage> {
      live = secrets;
      published = [];
      secretReads = 0;
      receivedAt += 1;
      try {
        const { status } = await receiver.receive(request);
        return { status, error: undefined, published, secretReads, receivedAt };
      } catch (error) {
        return { status: undefined, error: String(error), published, secretReads, receivedAt };
      }
    },
  };
}

export type Rig = ReturnType<typeof createRig>;
