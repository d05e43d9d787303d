import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSqsInProcess, type SqsInProcess } from '../../../../support/sqs-in-process.ts';

const retentionMs = 120_000;
const source = 'source';
const deadLetters = 'dead-letters';

interface Step {
  readonly kind:
    | 'send'
    | 'send a batch'
    | 'receive'
    | 'receive from dead letters'
    | 'hang up'
    | 'delete'
    | 'change visibility'
    | 'redrive'
    | 'wait';
  readonly number: number;
  readonly seconds: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind']>(
    'send',
    'send a batch',
    'receive',
    'receive from dead letters',
    'hang up',
    'delete',
    'change visibility',
    'redrive',
    'wait',
  ),
  number: fc.nat(9),
  seconds: fc.nat(40),
});

/** Drives the emulator and keeps book: every message has a body of its own, which stays the same on its way. */
class Bookkeeper {
  readonly emulator: SqsInProcess = createSqsInProcess();
  readonly sent = new Set<string>();
  readonly deleted = new Set<string>();
  /** The latest handle of each body, with its queue. */
  readonly handles = new Map<string, { url: string; handle: string }>();
  #url = '';
  #deadUrl = '';
  #deadArn = '';

  async open(): Promise<void> {
    const MessageRetentionPeriod = String(retentionMs / 1_000);
    this.#deadUrl = await this.emulator.createQueue(deadLetters, { MessageRetentionPeriod });
    this.#deadArn = this.emulator.view(deadLetters).arn;
    this.#url = await this.emulator.createQueue(source, {
      MessageRetentionPeriod,
      VisibilityTimeout: '3',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: this.#deadArn, maxReceiveCount: 1 }),
    });
  }

  async take({ kind, number, seconds }: Step): Promise<void> {
    const { emulator } = this;
    switch (kind) {
      case 'send':
        await emulator.call('SendMessage', {
          QueueUrl: this.#url,
          MessageBody: this.#body(),
          DelaySeconds: seconds,
        });
        return;
      case 'send a batch': {
        const Entries = Array.from({ length: number + 1 }, (_, i) => ({
          Id: `e${i}`,
          MessageBody: this.#body(),
        }));
        await emulator.call('SendMessageBatch', { QueueUrl: this.#url, Entries });
        return;
      }
      case 'receive':
        return this.#receive(this.#url, number + 1);
      case 'receive from dead letters':
        return this.#receive(this.#deadUrl, number + 1);
      case 'hang up': {
        const controller = new AbortController();
        const input = { QueueUrl: this.#url, MaxNumberOfMessages: number + 1, WaitTimeSeconds: 20 };
        const polled = emulator.call('ReceiveMessage', input, controller.signal);
        controller.abort();
        expect((await polled).Messages).toBeUndefined();
        return;
      }
      case 'delete': {
        const body = [...this.handles.keys()][number];
        const held = body === undefined ? undefined : this.handles.get(body);
        if (body === undefined || held === undefined) return;
        await emulator.call('DeleteMessage', { QueueUrl: held.url, ReceiptHandle: held.handle });
        const isStillThere = this.#bodiesOn(held.url === this.#url ? source : deadLetters).includes(body);
        // A message may have gone to the other queue since; then this handle deletes nothing.
        if (
          !isStillThere &&
          !this.#bodiesOn(source).includes(body) &&
          !this.#bodiesOn(deadLetters).includes(body)
        )
          this.deleted.add(body);
        this.handles.delete(body);
        return;
      }
      case 'change visibility': {
        const held = [...this.handles.values()][number];
        if (held === undefined) return;
        const input = { QueueUrl: held.url, ReceiptHandle: held.handle, VisibilityTimeout: seconds };
        // Refused when the message is in flight no more.
        await emulator.call('ChangeMessageVisibility', input).catch(() => undefined);
        return;
      }
      case 'redrive':
        await emulator.call('StartMessageMoveTask', { SourceArn: this.#deadArn }).catch(() => undefined);
        return;
      case 'wait':
        await emulator.clock.advance(seconds * 1_000);
        return;
      default:
        kind satisfies never;
    }
  }

  /** Every message is in exactly one place, or deleted, or too old. */
  check(): void {
    const found = [...this.#bodiesOn(source), ...this.#bodiesOn(deadLetters)];
    expect(new Set(found).size).toBe(found.length);
    const now = this.emulator.clock.now();
    for (const body of this.sent) {
      const isThere = found.includes(body);
      if (this.deleted.has(body)) expect(isThere, `${body} was deleted`).toBe(false);
      // The enqueue time stays on the way to the dead letters; a redrive renews it, which only lengthens the life.
      else if (now < Number(body.split('@')[1]) + retentionMs) expect(isThere, `${body} is lost`).toBe(true);
    }
    for (const name of [source, deadLetters]) {
      const { visible, inFlight, delayed } = this.emulator.view(name).counts;
      expect(visible + inFlight + delayed).toBe(this.#bodiesOn(name).length);
      const states = this.emulator.messages(name).map(({ state }) => state);
      expect(states.filter((state) => state === 'visible')).toHaveLength(visible);
      expect(states.filter((state) => state === 'in-flight')).toHaveLength(inFlight);
    }
  }

  async #receive(QueueUrl: string, MaxNumberOfMessages: number): Promise<void> {
    const input = { QueueUrl, MaxNumberOfMessages };
    const { Messages = [] } = await this.emulator.call('ReceiveMessage', input);
    expect(new Set(Messages.map(({ Body }) => Body)).size).toBe(Messages.length);
    for (const { Body, ReceiptHandle } of Messages) {
      expect(this.deleted.has(Body), `${Body} was deleted`).toBe(false);
      this.handles.set(Body, { url: QueueUrl, handle: ReceiptHandle });
    }
  }

  #body(): string {
    const body = `message ${this.sent.size}@${this.emulator.clock.now()}`;
    this.sent.add(body);
    return body;
  }

  #bodiesOn(name: string): readonly string[] {
    return this.emulator.messages(name).map(({ body }) => body);
  }
}

test('whatever happens, every message is in one place, deleted by its receiver, or past its retention', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const book = new Bookkeeper();
      await book.open();

      for (const one of steps) {
        await book.take(one);
        book.check();
      }
    }),
    { numRuns: 150 },
  );
});
