import { AwsError } from '../protocols/service.ts';

// The JSON protocol names errors by the shapes of the service's model; x-amzn-query-error repeats the code that the
// older Query protocol had, and SDKs show users that one.
const common = (shape: string, queryCode?: string) => (message: string) =>
  new AwsError(`com.amazon.coral.service#${shape}`, message, queryCode === undefined ? {} : { queryCode });

const model =
  (shape: string, { queryCode = shape, status = 400 } = {}) =>
  (message: string) =>
    new AwsError(`com.amazonaws.sqs#${shape}`, message, { queryCode, status });

const legacy = (code: string) => ({ queryCode: `AWS.SimpleQueueService.${code}` });

export const invalidParameterValue = common('InvalidParameterValueException', 'InvalidParameterValue');
const missing = common('MissingRequiredParameterException', 'MissingParameter');
/** JSON of the wrong type: AWS refuses it before the service looks at it, hence without a Query code. */
export const serializationException = common('SerializationException');

const nonExistent = model('QueueDoesNotExist', legacy('NonExistentQueue'));
const nameExists = model('QueueNameExists', { queryCode: 'QueueAlreadyExists' });
const deletedRecently = model('QueueDeletedRecently', legacy('QueueDeletedRecently'));
const attributeName = model('InvalidAttributeName');
const attributeValue = model('InvalidAttributeValue');
const messageContents = model('InvalidMessageContents');
const receiptHandle = model('ReceiptHandleIsInvalid', { status: 404 });
const purging = model('PurgeQueueInProgress', { ...legacy('PurgeQueueInProgress'), status: 403 });
export const overLimit = model('OverLimit', { status: 403 });
export const unsupportedOperation = model('UnsupportedOperation', legacy('UnsupportedOperation'));
export const resourceNotFound = model('ResourceNotFoundException', { status: 404 });

/** A value outside its range or vocabulary, in the words AWS uses. */
export const invalidValueFor = (parameter: string, value: string | number, reason: string) =>
  invalidParameterValue(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (parameter: string) =>
  missing(`The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = () => nonExistent('The specified queue does not exist.');

export const queueNameExists = (attribute: string) =>
  nameExists(`A queue already exists with the same name and a different value for attribute ${attribute}`);

export const queueDeletedRecently = () =>
  deletedRecently(
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );

export const invalidAttributeName = (name: string) => attributeName(`Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string) =>
  attributeValue(`Invalid value for the parameter ${name}.`);

export const invalidMessageContents = () =>
  messageContents(
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

export const receiptHandleIsInvalid = (handle: string) =>
  receiptHandle(`The input receipt handle "${handle}" is not a valid receipt handle.`);

export const purgeQueueInProgress = (queueName: string) =>
  purging(`Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`);

/** The errors that refuse a whole batch. */
export const batchError = (
  shape:
    | 'EmptyBatchRequest'
    | 'TooManyEntriesInBatchRequest'
    | 'BatchEntryIdsNotDistinct'
    | 'InvalidBatchEntryId'
    | 'BatchRequestTooLong',
  message: string,
) => model(shape, legacy(shape))(message);
