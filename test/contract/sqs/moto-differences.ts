import { type Difference, ours, undocumented } from '../moto.ts';

export const differences: readonly Difference[] = [
  ours(
    "the API reference's pages list the attribute names that can be set, and InvalidAttributeName for others",
    'an unknown attribute is refused when a queue is created',
    'attributes that are only read cannot be set',
  ),
  undocumented(
    'the reference calls both values valid; AWS itself refuses false as an unknown attribute (aws/aws-sdk-php#1331)',
    'FifoQueue=false is refused on a standard queue',
  ),
  ours(
    'ListQueues documents MaxResults from 1 to 1000 and pages by NextToken',
    'ListQueues gives pages of MaxResults, each queue once, until there is no token',
    'MaxResults of ListQueues is 1 to 1000',
  ),
  ours(
    'DeleteQueue: one must wait at least 60 seconds before a queue of the same name is created',
    'the name of a deleted queue is free again after 60 seconds, not before',
  ),
  ours(
    'PurgeQueue documents PurgeQueueInProgress for a second purge within 60 seconds',
    'a second purge within 60 seconds is refused, and a later one is not',
  ),
  ours(
    'SetQueueAttributes documents this range, and InvalidAttributeValue',
    'DelaySeconds is 0 to 900',
    'MaximumMessageSize is 1024 to 1048576',
    'MessageRetentionPeriod is 60 to 1209600',
    'ReceiveMessageWaitTimeSeconds is 0 to 20',
    'VisibilityTimeout is 0 to 43200',
  ),
  ours(
    'GetQueueAttributes: times in epoch seconds; moto adds fractions',
    'creation and modification times are epoch seconds',
  ),
  ours(
    'SendMessage: a message with characters outside of the list is rejected with InvalidMessageContents',
    'characters that XML 1.0 does not have are refused',
    'a wrong entry fails alone, with its id and code',
  ),
  ours(
    'message attributes of type String have the same restrictions on contents as the body',
    'attribute values have the same characters as bodies, and another error',
  ),
  ours('SendMessage: the body has at least one character', 'an empty body is refused'),
  ours(
    "the limit is one of bytes, on the queue's own MaximumMessageSize",
    'size counts bytes of UTF-8, not characters',
  ),
  ours(
    'all components of an attribute count towards the size',
    'names, types and values of attributes count towards the size',
    'attributes count towards the size of a batch',
  ),
  ours('the quota is ten attributes', 'ten attributes are accepted, eleven are not'),
  ours(
    "the developer guide's page on metadata states these rules for attributes",
    'attribute names have letters of any alphabet, digits, _, - and . inside, up to 256 characters',
    'attribute names that begin with AWS. or Amazon. in any case are refused',
    'an attribute value must not be empty and must be in the field of its type',
    'a Number attribute must be a number',
  ),
  ours(
    "SendMessage's answer has MD5OfMessageSystemAttributes",
    'a trace header is kept, and has an MD5 of its own',
  ),
  ours(
    'moto does not look at these; on AWS they were seen to work',
    'the header X-Amzn-Trace-Id of a send becomes its trace header, unless it brings one itself',
    'of a message’s attributes, * brings every attribute',
  ),
  ours('SendMessage: valid values are 0 to 900', 'a message’s delay is 0 to 900 seconds'),
  ours('MessageDeduplicationId is for FIFO queues only', 'a standard queue refuses a deduplication id'),
  ours(
    'ReceiveMessage and ChangeMessageVisibility: 0 to 43200 seconds',
    'a receive hides messages for 0 to 43200 seconds',
    'the visibility timeout of a message is 0 to 43200 seconds',
  ),
  ours('the vocabulary of system attribute names is closed', 'an unknown system attribute is refused'),
  undocumented(
    'AWS allows a receive that nobody got to hide a message until its timeout; here that would be a message lost to a closed terminal',
    'a caller who hangs up during a long poll takes no message with him',
  ),
  ours(
    'a required parameter that is missing is MissingParameter',
    'a receipt handle is needed',
    'a missing parameter is named',
  ),
  ours(
    'every batch operation documents EmptyBatchRequest; moto knows it only for some',
    'an empty batch is refused',
  ),
  ours(
    'DeadLetterQueueSourceArn is a system attribute of messages on a dead-letter queue',
    'a message on the dead-letter queue names the queue that it comes from',
  ),
  ours(
    'a redrive policy has both of its fields, with 1 to 1000 receives',
    'maxReceiveCount is 1 to 1000, as a number or a string',
    'a redrive policy must be JSON with both of its fields',
  ),
  ours(
    'RedriveAllowPolicy says which queues may name this one; moto keeps it without obeying it',
    'a queue whose redrive allow policy denies all is nobody’s dead-letter queue',
    'a redrive allow policy by queue lets in the queues that it names',
  ),
  ours(
    'moto has no message move tasks',
    'a redrive moves messages back to the queues that they came from',
    'a redriven message is a new one: new id, new time, nothing received',
    'a redrive can go to another queue',
    'a redrive needs a source that is some queue’s dead-letter queue',
    'a redrive needs queues that exist',
    'a redrive moves 1 to 500 messages a second',
    'a finished redrive is listed with what it moved, and without a handle',
    'one redrive of a queue runs at a time, and a running one can be cancelled',
  ),
  ours(
    'AWS answers in its protocol, with UnknownOperationException or SerializationException; moto fails with a page of HTML or takes the value',
    'an unknown operation is refused',
    'a body that is not JSON is refused',
    'a value of the wrong JSON type is refused',
  ),
];
