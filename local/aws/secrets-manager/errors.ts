import { AwsError } from '../protocols/service.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);

export const notFound = (message = "Secrets Manager can't find the specified secret.") =>
  new AwsError('ResourceNotFoundException', message);

export const noSuchVersion = (id: string) =>
  notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
