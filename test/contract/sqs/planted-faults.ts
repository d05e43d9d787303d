import { AwsError, type AwsOperation } from '../../../local/aws/protocols/service.ts';

/** A way to be wrong about SQS, put in front of the emulator, and the rule that must notice. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: string;
  readonly operation: string;
  readonly plant: (right: AwsOperation) => AwsOperation;
}

type Json = Readonly<Record<string, unknown>>;

const messagesOf = (answer: object): readonly Json[] =>
  'Messages' in answer && Array.isArray(answer.Messages) ? answer.Messages : [];

/** Calls the right operation with another input. */
const withInput =
  (change: (input: Json) => Json) =>
  (right: AwsOperation): AwsOperation =>
  (input, context) =>
    right(change(input), context);

/** Changes what the right operation answers. */
const withAnswer =
  (change: (answer: object) => object) =>
  (right: AwsOperation): AwsOperation =>
  async (input, context) =>
    change(await right(input, context));

const without =
  (name: string) =>
  (input: Json): Json =>
    Object.fromEntries(Object.entries(input).filter(([key]) => key !== name));

const doesNothing = (): AwsOperation => async () => ({});

const attributesOf = (input: Json): Json => ({ ...Object(input['Attributes']) });

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'the digest of the body is wrong',
    caughtBy: 'the answer has the MD5 of the body',
    operation: 'SendMessage',
    plant: withAnswer((answer) => ({ ...answer, MD5OfMessageBody: '0'.repeat(32) })),
  },
  {
    name: 'the digest of attributes is that of the body',
    caughtBy: 'the MD5 of attributes is the documented one over sorted names, types and values',
    operation: 'SendMessage',
    plant: withAnswer((answer) =>
      'MD5OfMessageBody' in answer ? { ...answer, MD5OfMessageAttributes: answer.MD5OfMessageBody } : answer,
    ),
  },
  {
    name: 'illegal characters are replaced instead of refused',
    caughtBy: 'characters that XML 1.0 does not have are refused',
    operation: 'SendMessage',
    plant: withInput((input) => ({
      ...input,
      MessageBody: String(input['MessageBody']).replace(/\p{Cc}|\ufffe|\uffff/gu, '\ufffd'),
    })),
  },
  {
    name: 'emoji are lost',
    caughtBy: 'emoji and every other character of XML 1.0 come back unharmed',
    operation: 'ReceiveMessage',
    plant: withAnswer((answer) => ({
      Messages: messagesOf(answer).map((message) =>
        Object.assign(message, { Body: String(message['Body']).replace(/\p{Emoji_Presentation}/gu, '') }),
      ),
    })),
  },
  {
    name: 'attributes do not count towards the size',
    caughtBy: 'names, types and values of attributes count towards the size',
    operation: 'SendMessage',
    plant: (right) => (input, context) =>
      right(input, context).catch((error: unknown) => {
        if (error instanceof AwsError && error.message.includes('shorter'))
          return right(without('MessageAttributes')(input), context);
        throw error;
      }),
  },
  {
    name: 'a message’s own delay is ignored',
    caughtBy: 'a delayed message is invisible until its delay is over',
    operation: 'SendMessage',
    plant: withInput(without('DelaySeconds')),
  },
  {
    name: 'a receive always brings ten',
    caughtBy: 'a receive brings one message unless asked for more',
    operation: 'ReceiveMessage',
    plant: withInput((input) => ({ ...input, MaxNumberOfMessages: 10 })),
  },
  {
    name: 'a receive’s own visibility timeout is ignored',
    caughtBy: 'a receive’s own visibility timeout goes before the queue’s',
    operation: 'ReceiveMessage',
    plant: withInput(without('VisibilityTimeout')),
  },
  {
    name: 'received messages are not hidden',
    caughtBy: 'a received message is hidden from other receivers',
    operation: 'ReceiveMessage',
    plant: withInput((input) => ({ ...input, VisibilityTimeout: 0 })),
  },
  {
    name: 'the receive count stays at 1',
    caughtBy: 'each receive counts, and the first one’s time stays',
    operation: 'ReceiveMessage',
    plant: withAnswer((answer) => ({
      Messages: messagesOf(answer).map((message) =>
        Object.assign(message, {
          Attributes: { ...attributesOf(message), ApproximateReceiveCount: '1' },
        }),
      ),
    })),
  },
  {
    name: 'long polls answer at once',
    caughtBy: 'a long poll is answered by a message that is sent meanwhile',
    operation: 'ReceiveMessage',
    plant: withInput((input) => ({ ...input, WaitTimeSeconds: 0 })),
  },
  {
    name: 'a caller who has gone still takes a message',
    caughtBy: 'a caller who hangs up during a long poll takes no message with him',
    operation: 'ReceiveMessage',
    // A copy of the answer is not the object for which an undoing was left.
    plant: (right) => async (input) => ({
      ...(await right(input, { signal: new AbortController().signal })),
    }),
  },
  {
    name: 'the request’s trace header is ignored',
    caughtBy: 'the header X-Amzn-Trace-Id of a send becomes its trace header, unless it brings one itself',
    operation: 'SendMessage',
    plant:
      (right) =>
      (input, { signal }) =>
        right(input, { signal }),
  },
  {
    name: 'attribute prefixes are taken as names',
    caughtBy: 'of a message’s attributes, a prefix brings every attribute that begins with it',
    operation: 'ReceiveMessage',
    plant: withInput((input) => ({
      ...input,
      MessageAttributeNames: [input['MessageAttributeNames']]
        .flat()
        .filter((name) => typeof name === 'string' && !name.endsWith('.*')),
    })),
  },
  {
    name: 'deleting does nothing',
    caughtBy: 'a deleted message does not come back',
    operation: 'DeleteMessage',
    plant: doesNothing,
  },
  {
    name: 'garbage is taken for a receipt handle',
    caughtBy: 'a receipt handle that is none is refused',
    operation: 'DeleteMessage',
    plant: (right) => (input, context) => right(input, context).catch(() => ({})),
  },
  {
    name: 'a visibility of 0 is taken for 30',
    caughtBy: 'changing the visibility to 0 shows the message at once',
    operation: 'ChangeMessageVisibility',
    plant: withInput((input) => ({ ...input, VisibilityTimeout: Number(input['VisibilityTimeout']) || 30 })),
  },
  {
    name: 'a batch fails as a whole when one entry is wrong',
    caughtBy: 'a wrong entry fails alone, with its id and code',
    operation: 'SendMessageBatch',
    plant: withAnswer((answer) => {
      if ('Failed' in answer) throw new AwsError('InvalidMessageContents', 'One entry is wrong.');
      return answer;
    }),
  },
  {
    name: 'failed entries of a batch are reported as successful',
    caughtBy: 'a batch deletes what it can and says what it could not',
    operation: 'DeleteMessageBatch',
    plant: (right) => async (input, context) => {
      await right(input, context);
      return { Successful: [input['Entries']].flat().map((entry) => ({ Id: Object(entry).Id })) };
    },
  },
  {
    name: 'messages go to the dead-letter queue one receive too late',
    caughtBy: 'a message goes to the dead-letter queue on the next receive after maxReceiveCount',
    operation: 'CreateQueue',
    plant: withInput((input) => {
      const attributes = attributesOf(input);
      const policy = attributes['RedrivePolicy'];
      if (typeof policy !== 'string') return input;
      const later = policy.replace(
        /("maxReceiveCount":)(\d+)/,
        (_, key, count) => `${key}${Number(count) + 1}`,
      );
      return { ...input, Attributes: { ...attributes, RedrivePolicy: later } };
    }),
  },
  {
    name: 'messages are kept for ever',
    caughtBy: 'messages are kept for the retention period and not longer',
    operation: 'CreateQueue',
    plant: withInput((input) => ({
      ...input,
      Attributes: without('MessageRetentionPeriod')(attributesOf(input)),
    })),
  },
  {
    name: 'a redrive ignores its destination',
    caughtBy: 'a redrive can go to another queue',
    operation: 'StartMessageMoveTask',
    plant: withInput(without('DestinationArn')),
  },
  {
    name: 'a purge leaves everything',
    caughtBy: 'a purge removes what is visible, in flight and delayed',
    operation: 'PurgeQueue',
    plant: doesNothing,
  },
  {
    name: 'errors lack the header of their Query code',
    caughtBy: 'an error names its JSON type and repeats its Query code in a header',
    operation: 'SendMessage',
    plant: (right) => (input, context) =>
      right(input, context).catch((error: unknown) => {
        throw error instanceof AwsError ? new AwsError(error.code, error.message) : error;
      }),
  },
];
