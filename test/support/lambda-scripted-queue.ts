import type { AwsOperation } from '../../local/aws/protocols/service.ts';
import type { Clock } from '../../local/clock.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ScriptedCall {
  readonly operation: string;
  readonly at: number;
  readonly input: Fields;
}

/**
 * A queue that answers by script: `put` makes messages receivable, in order, in as many calls as it takes; a long poll
 * waits on the clock. Nothing comes back by itself, so that a test sees each call that a mapping makes.
 */
export function createScriptedQueue(clock: Clock) {
  const calls: ScriptedCall[] = [];
  const waiting: Fields[] = [];
  const pollers = new Set<() => void>();
  /** Answers (or errors to throw) to use up before the usual ones, by operation. */
  const scripted: Record<string, (object | Error)[]> = {};

  function recorded(operation: string, usual: AwsOperation): AwsOperation {
    return (input, context) => {
      calls.push({ operation, at: clock.now(), input });
      const answer = scripted[operation]?.shift();
      if (answer instanceof Error) return Promise.reject(answer);
      return answer === undefined ? usual(input, context) : Promise.resolve(answer);
    };
  }

  const receive: AwsOperation = (input, { signal }) => {
    const take = () => waiting.splice(0, Number(input['MaxNumberOfMessages']));
    if (waiting.length > 0) return Promise.resolve({ Messages: take() });
    return new Promise((resolve, reject) => {
      const finish = () => {
        pollers.delete(finish);
        cancel();
        resolve({ Messages: take() });
      };
      const cancel = clock.after(Number(input['WaitTimeSeconds']) * 1000, finish);
      pollers.add(finish);
      signal.addEventListener('abort', () => {
        if (!pollers.delete(finish)) return;
        cancel();
        reject(new Error('the caller hung up'));
      });
    });
  };

  return {
    calls,
    scripted,
    operations: {
      ReceiveMessage: recorded('ReceiveMessage', receive),
      DeleteMessageBatch: recorded('DeleteMessageBatch', () =>
        Promise.resolve({ Successful: [], Failed: [] }),
      ),
      ChangeMessageVisibilityBatch: recorded('ChangeMessageVisibilityBatch', () => Promise.resolve({})),
    } satisfies Record<string, AwsOperation>,
    put(...messages: Fields[]): void {
      waiting.push(...messages);
      for (const finish of pollers) if (waiting.length > 0) finish();
    },
    callsOf: (operation: string) => calls.filter((call) => call.operation === operation),
    /** The receipt handles that calls of a batch operation named, call by call. */
    handlesOf: (operation: string) =>
      calls
        .filter((call) => call.operation === operation)
        .map(({ input }) => {
          const entries: unknown = input['Entries'];
          return Array.isArray(entries)
            ? entries.map((entry) => String(Reflect.get(Object(entry), 'ReceiptHandle')))
            : [];
        }),
  };
}

/** A message as ReceiveMessage gives it, whose ids follow from `name`. */
export function scriptedMessage(name: string, body = `body of ${name}`): Fields {
  return {
    MessageId: `id-${name}`,
    ReceiptHandle: `handle-${name}`,
    Body: body,
    MD5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
    Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' },
  };
}
