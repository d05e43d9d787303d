import { delimiter } from 'node:path';

/**
 * Names that Lambda keeps for itself: it refuses to create a function whose configuration sets one of them, so a
 * template that does would deploy nowhere.
 */
const reservedNames = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

export interface FunctionEnvironment {
  readonly functionName: string;
  readonly handler: string;
  /** The folder that holds the function's code, `/var/task` on Lambda. */
  readonly codeDirectory: string;
  readonly memoryMb: number;
  readonly region: string;
  readonly runtime: string;
  readonly logFormat: 'Text' | 'JSON';
  /** The function's own variables, as its template sets them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws when the function's own variables include a name that Lambda reserves. */
export function refuseReservedNames(environment: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(environment).filter((name) => reservedNames.has(name));
  if (reserved.length > 0) {
    throw new Error(
      `Lambda sets these variables itself and refuses a function that does: ${reserved.join(', ')}`,
    );
  }
}

/**
 * The whole environment of a function's process: its own variables and Lambda's, and nothing of the process that
 * starts it. `runtimeApi` is `host:port`.
 */
export function childEnvironment(
  settings: FunctionEnvironment,
  instance: { readonly runtimeApi: string; readonly logStreamName: string },
): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    PATH: ['/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    ...settings.environment,
    TZ: settings.environment['TZ'] ?? ':UTC',
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: settings.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: instance.logStreamName,
    AWS_LAMBDA_RUNTIME_API: instance.runtimeApi,
    // Never anybody's real ones: the emulators take any credentials, and a call that strayed to AWS would be refused.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
  };
}
