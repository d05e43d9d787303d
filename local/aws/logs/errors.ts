import { AwsError } from '../protocols/service.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const noSuchLogGroup = () =>
  new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');

export const invalidToken = () => invalidParameter('The specified nextToken is invalid.');
