import type { Difference } from '../moto.ts';

export const differences: readonly Difference[] = [
  {
    right: 'ours',
    reason:
      "the API reference's pages list the attribute names that can be set, and InvalidAttributeName for others",
    rules: [
      'an unknown attribute is refused when a queue is created',
      'attributes that are only read cannot be set',
    ],
  },
  {
    right: 'undocumented',
    reason:
      'the reference calls both values valid; AWS itself refuses false as an unknown attribute (aws/aws-sdk-php#1331)',
    rules: ['FifoQueue=false is refused on a standard queue'],
  },
  {
    right: 'ours',
    reason: 'ListQueues documents MaxResults from 1 to 1000 and pages by NextToken',
    rules: [
      'ListQueues gives pages of MaxResults, each queue once, until there is no token',
      'MaxResults of ListQueues is 1 to 1000',
    ],
  },
  {
    right: 'ours',
    reason: 'DeleteQueue: one must wait at least 60 seconds before a queue of the same name is created',
    rules: ['the name of a deleted queue is free again after 60 seconds, not before'],
  },
  {
    right: 'ours',
    reason: 'PurgeQueue documents PurgeQueueInProgress for a second purge within 60 seconds',
    rules: ['a second purge within 60 seconds is refused, and a later one is not'],
  },
  {
    right: 'ours',
    reason: 'SetQueueAttributes documents this range, and InvalidAttributeValue',
    rules: [
      'DelaySeconds is 0 to 900',
      'MaximumMessageSize is 1024 to 1048576',
      'MessageRetentionPeriod is 60 to 1209600',
      'ReceiveMessageWaitTimeSeconds is 0 to 20',
      'VisibilityTimeout is 0 to 43200',
    ],
  },
  {
    right: 'ours',
    reason: 'GetQueueAttributes: times in epoch seconds; moto adds fractions',
    rules: ['creation and modification times are epoch seconds'],
  },
  {
    right: 'ours',
    reason:
      'SendMessage: a message with characters outside of the list is rejected with InvalidMessageContents',
    rules: [
      'characters that XML 1.0 does not have are refused',
      'a wrong entry fails alone, with its id and code',
    ],
  },
  {
    right: 'ours',
    reason: 'message attributes of type String have the same restrictions on contents as the body',
    rules: ['attribute values have the same characters as bodies, and another error'],
  },
  {
    right: 'ours',
    reason: 'SendMessage: the body has at least one character',
    rules: ['an empty body is refused'],
  },
  {
    right: 'ours',
    reason: "the limit is one of bytes, on the queue's own MaximumMessageSize",
    rules: ['size counts bytes of UTF-8, not characters'],
  },
  {
    right: 'ours',
    reason: 'all components of an attribute count towards the size',
    rules: [
      'names, types and values of attributes count towards the size',
      'attributes count towards the size of a batch',
    ],
  },
  {
    right: 'ours',
    reason: 'the quota is ten attributes',
    rules: ['ten attributes are accepted, eleven are not'],
  },
  {
    right: 'ours',
    reason: "the developer guide's page on metadata states these rules for attributes",
    rules: [
      'attribute names have letters of any alphabet, digits, _, - and . inside, up to 256 characters',
      'attribute names that begin with AWS. or Amazon. in any case are refused',
      'an attribute value must not be empty and must be in the field of its type',
      'a Number attribute must be a number',
    ],
  },
  {
    right: 'ours',
    reason: "SendMessage's answer has MD5OfMessageSystemAttributes",
    rules: ['a trace header is kept, and has an MD5 of its own'],
  },
  {
    right: 'ours',
    reason: 'moto does not look at these; on AWS they were seen to work',
    rules: [
      'the header X-Amzn-Trace-Id of a send becomes its trace header, unless it brings one itself',
      'of a message’s attributes, * brings every attribute',
    ],
  },
  {
    right: 'ours',
    reason: 'SendMessage: valid values are 0 to 900',
    rules: ['a message’s delay is 0 to 900 seconds'],
  },
  {
    right: 'ours',
    reason: 'MessageDeduplicationId is for FIFO queues only',
    rules: ['a standard queue refuses a deduplication id'],
  },
  {
    right: 'ours',
    reason: 'ReceiveMessage and ChangeMessageVisibility: 0 to 43200 seconds',
    rules: [
      'a receive hides messages for 0 to 43200 seconds',
      'the visibility timeout of a message is 0 to 43200 seconds',
    ],
  },
  {
    right: 'ours',
    reason: 'the vocabulary of system attribute names is closed',
    rules: ['an unknown system attribute is refused'],
  },
  {
    right: 'undocumented',
    reason:
      'AWS allows a receive that nobody got to hide a message until its timeout; here that would be a message lost to a closed terminal',
    rules: ['a caller who hangs up during a long poll takes no message with him'],
  },
  {
    right: 'ours',
    reason: 'a required parameter that is missing is MissingParameter',
    rules: ['a receipt handle is needed', 'a missing parameter is named'],
  },
  {
    right: 'ours',
    reason: 'every batch operation documents EmptyBatchRequest; moto knows it only for some',
    rules: ['an empty batch is refused'],
  },
  {
    right: 'ours',
    reason: 'DeadLetterQueueSourceArn is a system attribute of messages on a dead-letter queue',
    rules: ['a message on the dead-letter queue names the queue that it comes from'],
  },
  {
    right: 'ours',
    reason: 'a redrive policy has both of its fields, with 1 to 1000 receives',
    rules: [
      'maxReceiveCount is 1 to 1000, as a number or a string',
      'a redrive policy must be JSON with both of its fields',
    ],
  },
  {
    right: 'ours',
    reason: 'RedriveAllowPolicy says which queues may name this one; moto keeps it without obeying it',
    rules: [
      'a queue whose redrive allow policy denies all is nobody’s dead-letter queue',
      'a redrive allow policy by queue lets in the queues that it names',
    ],
  },
  {
    right: 'ours',
    reason: 'moto has no message move tasks',
    rules: [
      'a redrive moves messages back to the queues that they came from',
      'a redriven message is a new one: new id, new time, nothing received',
      'a redrive can go to another queue',
      'a redrive needs a source that is some queue’s dead-letter queue',
      'a redrive needs queues that exist',
      'a redrive moves 1 to 500 messages a second',
      'a finished redrive is listed with what it moved, and without a handle',
      'one redrive of a queue runs at a time, and a running one can be cancelled',
    ],
  },
  {
    right: 'ours',
    reason:
      'AWS answers in its protocol, with UnknownOperationException or SerializationException; moto fails with a page of HTML or takes the value',
    rules: [
      'an unknown operation is refused',
      'a body that is not JSON is refused',
      'a value of the wrong JSON type is refused',
    ],
  },
];
