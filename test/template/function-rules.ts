import { environmentBytes, largestEnvironmentBytes } from '../../resources/environment.ts';
import {
  arnOf,
  list,
  mappingsOf,
  problemsUnless,
  propertiesOf,
  type Rule,
  record,
  referenceOf,
  resourcesOf,
  type Template,
  textsIn,
} from './template.ts';

const functionType = 'AWS::Lambda::Function';

/** Each function has a role that no other has, made in this template. */
export const oneRoleEach: Rule = (template) => {
  const roles = new Map<string, string>();
  return resourcesOf(template, functionType).flatMap(({ id, properties }) => {
    const role = arnOf(properties['Role']);
    if (role === undefined || template.Resources[role]?.Type !== 'AWS::IAM::Role')
      return `${id}: its role is not one of this template`;
    const other = roles.get(role);
    roles.set(role, id);
    return other === undefined ? [] : `${id}: shares ${role} with ${other}`;
  });
};

/** One bad message must not send its batch again, and two invocations at once are the pacing. */
export const mappingsArePaced: Rule = (template) =>
  mappingsOf(template).flatMap(({ id, properties }) =>
    problemsUnless(
      [
        textsIn(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
        `${id}: no ReportBatchItemFailures`,
      ],
      [record(properties['ScalingConfig'])['MaximumConcurrency'] === 2, `${id}: MaximumConcurrency is not 2`],
      [properties['Enabled'] !== false, `${id}: is not enabled`],
      [properties['FilterCriteria'] === undefined, `${id}: a filter deletes what does not match`],
    ),
  );

/** The function works at the rate that it is given a share of: as many shares as the mapping lets run at once. */
export const sharesAreOfTheRightRate: Rule = (template) =>
  mappingsOf(template)
    .filter(({ lambda }) => 'SENDER_CONCURRENCY' in variablesOf(lambda))
    .flatMap(({ id, properties, lambda }) => {
      const concurrency = Number(record(properties['ScalingConfig'])['MaximumConcurrency']);
      const shares = Number(variablesOf(lambda)['SENDER_CONCURRENCY']);
      return concurrency === shares ? [] : [`${id}: ${concurrency} at once share the rate as if ${shares}`];
    });

/** Lambda: batches above 10 need a window, and none is above 10,000. */
export const batchesAreLegal: Rule = (template) =>
  mappingsOf(template).flatMap(({ id, properties }) => {
    const size = Number(properties['BatchSize'] ?? 10);
    const windowSeconds = Number(properties['MaximumBatchingWindowInSeconds'] ?? 0);
    return problemsUnless(
      [size <= 10_000, `${id}: batches of ${size}, and Lambda takes 10,000 at most`],
      [size <= 10 || windowSeconds >= 1, `${id}: batches of ${size} need a window of a second`],
      [windowSeconds <= 300, `${id}: a window of ${windowSeconds} s, and Lambda takes 300 at most`],
    );
  });

/** Lambda runs nothing for longer than 15 minutes, and an HTTP API waits for 30 s. */
export const timeoutsAreLegal: Rule = (template) => {
  const called = new Set(
    resourcesOf(template, 'AWS::ApiGatewayV2::Integration').map(({ properties }) =>
      referenceOf(properties['IntegrationUri']),
    ),
  );
  return resourcesOf(template, functionType).flatMap(({ id, properties }) => {
    const timeoutSeconds = Number(properties['Timeout'] ?? 3);
    return problemsUnless(
      [timeoutSeconds <= 900, `${id}: a timeout of ${timeoutSeconds} s, and Lambda takes 900 at most`],
      [!called.has(id) || timeoutSeconds < 30, `${id}: an HTTP API does not wait for ${timeoutSeconds} s`],
    );
  });
};

/** Both are on the way round; Lambda would drop their batches after about 16 turns of one message. */
export const loopsAreAllowed: Rule = (template) =>
  mappingsOf(template)
    .filter(({ lambda }) => lambda['RecursiveLoop'] !== 'Allow')
    .map(({ id }) => `${id}: Lambda drops what it takes for an endless loop`);

/** The longest names that a service takes, where AWS's own models of its operations do not say so. */
const longestNames: Readonly<Record<string, readonly [property: string, characters: number]>> = {
  'AWS::ApiGatewayV2::Api': ['Name', 128],
  [functionType]: ['FunctionName', 64],
  'AWS::SNS::Topic': ['TopicName', 256],
  'AWS::SQS::Queue': ['QueueName', 80],
};

/** Variables of 4 KiB, descriptions of 1,024 characters, alarms on ten metrics, names. */
export const textsFit: Rule = (template) => [
  ...resourcesOf(template, functionType)
    .filter(({ properties }) => environmentBytes(variablesOf(properties)) > largestEnvironmentBytes)
    .map(({ id }) => `${id}: has more variables than Lambda takes`),
  ...resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(({ properties }) => textsIn(properties['AlarmDescription']).join('').length > 1024)
    .map(({ id }) => `${id}: has a longer description than CloudWatch takes`),
  ...resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(
      ({ properties }) =>
        list(properties['Metrics']).filter((each) => 'MetricStat' in record(each)).length > 10,
    )
    .map(({ id }) => `${id}: watches more metrics than CloudWatch takes in one alarm`),
  ...Object.entries(longestNames).flatMap(([type, [property, longest]]) =>
    resourcesOf(template, type)
      .filter(({ properties }) => textsIn(properties[property]).join('').length > longest)
      .map(({ id }) => `${id}: has a longer name than ${longest} characters`),
  ),
];

/** It moves messages to the dead-letter queue that nobody tried to send. */
export const noReservedConcurrency: Rule = (template) =>
  resourcesOf(template, functionType)
    .filter(({ properties }) => 'ReservedConcurrentExecutions' in properties)
    .map(({ id }) => `${id}: reserved concurrency dead-letters messages that nobody tried`);

/** What the bundles are built and measured for, and Lambda's own lines as JSON beside ours. */
export const functionsRunOnTheMeasuredRuntime: Rule = (template) =>
  resourcesOf(template, functionType).flatMap(({ id, properties }) =>
    problemsUnless(
      [properties['Runtime'] === 'nodejs24.x', `${id}: its runtime is ${String(properties['Runtime'])}`],
      [textsIn(properties['Architectures']).join() === 'arm64', `${id}: is not on arm64`],
      [
        record(properties['LoggingConfig'])['LogFormat'] === 'JSON' &&
          record(properties['LoggingConfig'])['ApplicationLogLevel'] === 'DEBUG',
        `${id}: Lambda may drop lines, and the metrics in them`,
      ],
      [
        record(properties['LoggingConfig'])['SystemLogLevel'] === 'WARN',
        `${id}: Lambda writes lines of its own when nothing has failed`,
      ],
    ),
  );

/** Every group of log lines forgets them after a month, and every function and the API have one. */
export const logsAreForgotten: Rule = (template) => {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
  const names = new Set(groups.map(({ properties }) => properties['LogGroupName']));
  return [
    ...groups
      .filter(({ properties }) => properties['RetentionInDays'] !== 30)
      .map(({ id }) => `${id}: does not forget after 30 days`),
    ...resourcesOf(template, functionType)
      .filter(({ properties }) => !names.has(`/aws/lambda/${String(properties['FunctionName'])}`))
      .map(({ id }) => `${id}: would make a log group that never forgets`),
  ];
};

/** Nothing secret is in a template: everybody who may read the stack can read it. */
export const noSecretValues: Rule = (template) => {
  const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').flatMap(({ id, properties }) =>
    ['SecretString', 'GenerateSecretString']
      .filter((name) => name in properties)
      .map((name) => `${id}: ${name}`),
  );
  const variables = resourcesOf(template, functionType).flatMap(({ id, properties }) =>
    Object.entries(variablesOf(properties))
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name]) => `${id}: the variable ${name} looks like a key`),
  );
  const resolved = textsIn(template).filter((text) => text.includes('{{resolve:'));
  return [...secrets, ...variables, ...resolved];
};

/** A literal under a telling name, or a long run of letters and digits that is no word. */
function looksSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  const telling = /key|secret|token|password|credential/i.test(name);
  const random = /[A-Za-z0-9+/_=-]{20,}/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
  return telling || random;
}

/** Each function is told the queues, the table and the secret that it is made for, and by reference. */
export function variablesPointTo(expected: Readonly<Record<string, Readonly<Record<string, string>>>>): Rule {
  return (template) =>
    Object.entries(expected).flatMap(([id, wanted]) => {
      const variables = variablesOf(template.Resources[id]?.Properties ?? {});
      const own = Object.entries(variables).filter(([, value]) => typeof value === 'object');
      const actual = Object.fromEntries(own.map(([name, value]) => [name, referenceOf(value)]));
      const names = [...new Set([...Object.keys(wanted), ...Object.keys(actual)])];
      return names
        .filter((name) => wanted[name] !== actual[name])
        .map((name) => `${id}: ${name} is ${String(actual[name])}, not ${String(wanted[name])}`);
    });
}

function variablesOf(lambda: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return record(record(lambda['Environment'])['Variables']);
}

/** The one way in: one route, to one function, throttled, with an access log that holds nothing of an event. */
export const theApiIsNarrow: Rule = (template: Template) => {
  const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route');
  const stages = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission');
  return [
    ...problemsUnless([routes.length === 1, `there are ${routes.length} routes, not one`]),
    ...routes
      .filter(({ properties }) => properties['RouteKey'] !== 'POST /webhooks')
      .map(({ id, properties }) => `${id}: the route is ${String(properties['RouteKey'])}`),
    ...stages.flatMap(({ id, properties }) => {
      const settings = record(properties['DefaultRouteSettings']);
      const log = record(properties['AccessLogSettings']);
      const format = String(log['Format']);
      const logged = [...format.matchAll(/\$context\.([A-Za-z.]+)/g)].map(([, name]) => name ?? '');
      const telling = logged.filter((name) => !harmless.has(name));
      return problemsUnless(
        [Number(settings['ThrottlingRateLimit']) === 1000, `${id}: is not throttled at 1,000 a second`],
        [Number(settings['ThrottlingBurstLimit']) === 1000, `${id}: is not throttled in bursts of 1,000`],
        [arnOf(log['DestinationArn']) === 'HttpApiLogGroup', `${id}: has no access log`],
        [
          String(propertiesOf(template, log['DestinationArn'])['LogGroupName']).startsWith(
            '/aws/vendedlogs/',
          ),
          `${id}: its access log takes room in the account's policy for log delivery`,
        ],
        [telling.length === 0, `${id}: its access log tells ${telling.join(', ')}`],
      );
    }),
    ...permissions.flatMap(({ id, properties }) =>
      problemsUnless(
        [properties['Principal'] === 'apigateway.amazonaws.com', `${id}: lets somebody else in`],
        [list(properties['SourceArn']).length === 1, `${id}: lets every API of everybody in`],
        [
          textsIn(properties['SourceArn']).includes('HttpApi'),
          `${id}: lets other APIs in than the template's own`,
        ],
      ),
    ),
  ];
};

/** What an access log may say: nothing that a caller puts into a request. */
const harmless = new Set([
  'requestId',
  'requestTime',
  'identity.sourceIp',
  'routeKey',
  'status',
  'protocol',
  'responseLength',
  'responseLatency',
  'integrationStatus',
  'integrationLatency',
]);
