import { metrics, namespaceOf } from '../../lib/metrics.ts';
import {
  list,
  type Properties,
  problemsUnless,
  type Rule,
  record,
  referenceOf,
  resourcesOf,
  type Template,
  textsIn,
} from './template.ts';

/** The metrics of AWS that are watched: what each is about, by its dimension, and the names that AWS documents. */
const awsMetrics: Readonly<Record<string, { dimension: string; type: string; names: readonly string[] }>> = {
  'AWS/SQS': {
    dimension: 'QueueName',
    type: 'AWS::SQS::Queue',
    names: [
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesVisible',
      'NumberOfEmptyReceives',
      'NumberOfMessagesDeleted',
      'NumberOfMessagesReceived',
      'NumberOfMessagesSent',
      'SentMessageSize',
    ],
  },
  'AWS/Lambda': {
    dimension: 'FunctionName',
    type: 'AWS::Lambda::Function',
    names: [
      'ConcurrentExecutions',
      'Duration',
      'Errors',
      'Invocations',
      'RecursiveInvocationsDropped',
      'Throttles',
    ],
  },
  'AWS/ApiGateway': {
    dimension: 'ApiId',
    type: 'AWS::ApiGatewayV2::Api',
    names: ['4xx', '5xx', 'Count', 'DataProcessed', 'IntegrationLatency', 'Latency'],
  },
};

/** Every alarm watches something that there is: nobody notices one that does not. */
export const alarmsWatchWhatThereIs: Rule = (template) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
    const watched = metricsOf(properties);
    return problemsUnless([watched.length > 0, 'watches nothing'])
      .concat(unusedTerms(properties).map((term) => `its expression does not look at ${term}`))
      .concat(watched.flatMap((metric) => problemsOf(metric, template)))
      .concat(sumsThatMayBeEmpty(properties))
      .map((problem) => `${id}: ${problem}`);
  });

function metricsOf(alarm: Properties): Properties[] {
  if ('MetricName' in alarm) return [alarm];
  return list(alarm['Metrics'])
    .map((each) => record(record(record(each)['MetricStat'])['Metric']))
    .filter((metric) => 'MetricName' in metric);
}

/** The metrics of an expression that it never names. */
function unusedTerms(alarm: Properties): string[] {
  const terms = list(alarm['Metrics']).map(record);
  const expressions = terms.flatMap((term) => textsIn(term['Expression'])).join(' ');
  return terms
    .filter((term) => 'MetricStat' in term)
    .map((term) => String(term['Id']))
    .filter((term) => !new RegExp(`\\b${term}\\b`).test(expressions));
}

/**
 * Expressions whose value is missing as soon as one metric has never been written: they add or subtract, or take a term
 * that is not filled. SUM passes over what is missing.
 */
function sumsThatMayBeEmpty(alarm: Properties): string[] {
  return list(alarm['Metrics'])
    .map((each) => record(each)['Expression'])
    .filter((expression) => typeof expression === 'string')
    .filter((expression) => {
      const unfilled = expression.replaceAll(/FILL\(\w+, 0\)/g, '0');
      return /[\w)\]] *[-+]/.test(unfilled) || /\b[a-z]\w*\b/.test(unfilled);
    })
    .map((expression) => `${expression} may have no value`);
}

function problemsOf(metric: Properties, template: Template): string[] {
  const namespace = String(metric['Namespace']);
  const name = String(metric['MetricName']);
  const dimensions = list(metric['Dimensions']).map(record);
  const ofAws = awsMetrics[namespace];
  if (ofAws === undefined) return problemsOfOurs({ namespace, name, dimensions });
  const [dimension, ...more] = dimensions;
  const watched = template.Resources[referenceOf(dimension?.['Value']) ?? ''];
  return problemsUnless(
    [ofAws.names.includes(name), `${namespace} has no metric ${name}`],
    [
      dimension?.['Name'] === ofAws.dimension && more.length === 0,
      `${name} is not split by ${ofAws.dimension} alone`,
    ],
    [watched?.Type === ofAws.type, `${name} is about nothing of this template`],
  );
}

/** The functions write it, split in this way, and for this stage. */
function problemsOfOurs(metric: { namespace: string; name: string; dimensions: Properties[] }): string[] {
  const names = metric.dimensions.map((dimension) => String(dimension['Name'])).toSorted();
  const written = Object.entries(metrics)
    .filter(([event]) => namespaceOf(event) === metric.namespace)
    .some(([, groups]) =>
      groups.some(
        (group) =>
          Object.hasOwn(group.metrics, metric.name) &&
          group.splits.some((split) => split.toSorted().join() === names.join()),
      ),
    );
  const stage = metric.dimensions.find((dimension) => dimension['Name'] === 'stage')?.['Value'];
  return problemsUnless(
    [written, `nobody writes ${metric.namespace} ${metric.name} by ${names.join(', ')}`],
    [stage === 'prod', `watches the stage ${String(stage)}`],
  );
}

/** Somebody hears of each alarm, and reads what it means, how it ends, and what to type first. */
export const alarmsAreHeard: Rule = (template) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
    const topic = template.Resources[referenceOf(list(properties['AlarmActions'])[0]) ?? ''];
    return problemsUnless(
      [topic?.Type === 'AWS::SNS::Topic', `${id}: calls nobody`],
      [properties['ActionsEnabled'] !== false, `${id}: is silent`],
      [
        /First: (npx relay|aws) /.test(textsIn(properties['AlarmDescription']).join('')),
        `${id}: does not say what to type first`,
      ],
      [
        / Ends (by itself|when you) [^.]+\. First: /.test(textsIn(properties['AlarmDescription']).join('')),
        `${id}: does not say how it ends`,
      ],
      [properties['TreatMissingData'] === 'notBreaching', `${id}: rings when there is no traffic`],
    );
  });

/** What must never go unnoticed: each by the metric, a dimension or the namespace, and from which value on. */
const needed: readonly { what: string; metric: string; about: string; event?: string; above: number }[] = [
  { what: 'a send that is given up', metric: 'count', about: 'connectly-relay/given-up', above: 0 },
  { what: 'many refusals', metric: 'count', about: 'refused', event: 'attempt', above: 0 },
  {
    what: 'an event in the events DLQ',
    metric: 'ApproximateNumberOfMessagesVisible',
    about: 'EventsDlq',
    above: 0,
  },
  {
    what: 'an unknown outcome',
    metric: 'count',
    about: 'connectly-relay/outcome-unknown',
    above: 0,
  },
  { what: 'a send that waits for 5 minutes', metric: 'secondsInQueue', about: 'prod', above: 300 },
  {
    what: 'more in flight than SQS may hand out',
    metric: 'ApproximateNumberOfMessagesNotVisible',
    about: 'SendsQueue',
    above: 100_000,
  },
  {
    what: 'an event that nobody takes',
    metric: 'ApproximateAgeOfOldestMessage',
    about: 'EventsQueue',
    above: 900,
  },
  { what: 'a trouble of the API key', metric: 'count', about: 'connectly-relay/api-key', above: 0 },
  { what: 'effects that fail', metric: 'count', about: 'connectly-relay/failed-effects', above: 0 },
  {
    what: 'unclear sends that nobody settles',
    metric: 'ApproximateNumberOfMessagesVisible',
    about: 'OutcomesQueue',
    above: 0,
  },
  { what: 'events that are too large', metric: 'count', about: 'too-large', above: 0 },
  { what: 'webhooks that API Gateway throttles', metric: '4xx', about: 'HttpApi', above: 0 },
  { what: 'wrong signatures', metric: 'count', about: 'signature-wrong', above: 5 },
  { what: 'webhooks answered with 5xx', metric: '5xx', about: 'HttpApi', above: 0 },
  { what: 'throttled webhooks', metric: 'Throttles', about: 'ReceiveWebhookLambdaFunction', above: 0 },
  ...['SendMessageLambdaFunction', 'SettleSendLambdaFunction'].flatMap((about) => [
    { what: 'crashes', metric: 'Errors', about, above: 0 },
    { what: 'messages that Lambda drops for a loop', metric: 'RecursiveInvocationsDropped', about, above: 0 },
  ]),
];

/** There is an alarm for each of them, as early as it should be. */
export const alarmsCoverWhatMatters: Rule = (template) => {
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  return needed.flatMap(({ what, metric, about, event, above }) => {
    const watching = alarms.filter(({ properties }) =>
      metricsOf(properties).some(
        (each) =>
          each['MetricName'] === metric &&
          (event === undefined || each['Namespace'] === namespaceOf(event)) &&
          textsIn([each['Namespace'], each['Dimensions']]).includes(about),
      ),
    );
    const early = watching.some(
      ({ properties }) =>
        properties['ComparisonOperator'] === 'GreaterThanThreshold' && properties['Threshold'] === above,
    );
    return early ? [] : [`no alarm rings for ${what} above ${above}`];
  });
};
