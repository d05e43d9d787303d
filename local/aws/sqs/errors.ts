import { AwsError } from '../protocols/service.ts';

// The JSON protocol names errors by the shapes of the service's model; x-amzn-query-error repeats the code that the
// older Query protocol had, and SDKs show users that one.
const model = (shape: string): string => `com.amazonaws.sqs#${shape}`;
const common = (shape: string): string => `com.amazon.coral.service#${shape}`;

export function invalidParameterValue(message: string): AwsError {
  return new AwsError(common('InvalidParameterValueException'), message, {
    queryCode: 'InvalidParameterValue',
  });
}

/** A value outside its range or vocabulary, in the words AWS uses. */
export function invalidValueFor(parameter: string, value: string | number, reason: string): AwsError {
  return invalidParameterValue(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(parameter: string): AwsError {
  return new AwsError(
    common('MissingRequiredParameterException'),
    `The request must contain the parameter ${parameter}.`,
    { queryCode: 'MissingParameter' },
  );
}

/** JSON of the wrong type: AWS refuses it before the service looks at it, hence without a Query code. */
export function serializationException(message: string): AwsError {
  return new AwsError(common('SerializationException'), message);
}

export function queueDoesNotExist(): AwsError {
  return new AwsError(model('QueueDoesNotExist'), 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  });
}

export function queueNameExists(attribute: string): AwsError {
  return new AwsError(
    model('QueueNameExists'),
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: 'QueueAlreadyExists' },
  );
}

export function queueDeletedRecently(): AwsError {
  return new AwsError(
    model('QueueDeletedRecently'),
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    { queryCode: 'AWS.SimpleQueueService.QueueDeletedRecently' },
  );
}

export function invalidAttributeName(name: string): AwsError {
  return new AwsError(model('InvalidAttributeName'), `Unknown Attribute ${name}.`, {
    queryCode: 'InvalidAttributeName',
  });
}

export function invalidAttributeValue(name: string): AwsError {
  return new AwsError(model('InvalidAttributeValue'), `Invalid value for the parameter ${name}.`, {
    queryCode: 'InvalidAttributeValue',
  });
}

export function invalidMessageContents(): AwsError {
  return new AwsError(
    model('InvalidMessageContents'),
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    { queryCode: 'InvalidMessageContents' },
  );
}

export function receiptHandleIsInvalid(handle: string): AwsError {
  return new AwsError(
    model('ReceiptHandleIsInvalid'),
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    { status: 404, queryCode: 'ReceiptHandleIsInvalid' },
  );
}

export function overLimit(message: string): AwsError {
  return new AwsError(model('OverLimit'), message, { status: 403, queryCode: 'OverLimit' });
}

export function purgeQueueInProgress(queueName: string): AwsError {
  return new AwsError(
    model('PurgeQueueInProgress'),
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    { status: 403, queryCode: 'AWS.SimpleQueueService.PurgeQueueInProgress' },
  );
}

export function unsupportedOperation(message: string): AwsError {
  return new AwsError(model('UnsupportedOperation'), message, {
    queryCode: 'AWS.SimpleQueueService.UnsupportedOperation',
  });
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError(model('ResourceNotFoundException'), message, {
    status: 404,
    queryCode: 'ResourceNotFoundException',
  });
}

/** The errors that refuse a whole batch. */
export function batchError(
  shape:
    | 'EmptyBatchRequest'
    | 'TooManyEntriesInBatchRequest'
    | 'BatchEntryIdsNotDistinct'
    | 'InvalidBatchEntryId'
    | 'BatchRequestTooLong',
  message: string,
): AwsError {
  return new AwsError(model(shape), message, { queryCode: `AWS.SimpleQueueService.${shape}` });
}
