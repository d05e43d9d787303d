import { AwsError } from '../protocols/service.ts';

export function invalidParameterValue(message: string): AwsError {
  return new AwsError('com.amazonaws.cloudwatch#InvalidParameterValueException', message, {
    queryCode: 'InvalidParameterValue',
  });
}

export function missingParameter(name: string): AwsError {
  return new AwsError(
    'com.amazonaws.cloudwatch#MissingRequiredParameterException',
    `The parameter ${name} is required.`,
    { queryCode: 'MissingParameter' },
  );
}
