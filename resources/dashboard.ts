import {
  ageIn,
  functionNames,
  inFlightOf,
  type Measure,
  messagesIn,
  ofApi,
  ofFunction,
  ofRelay,
  type QueueId,
} from './measures.ts';

/** The dashboard is 24 units wide. */
const full = 24;

interface Tile {
  readonly type: 'metric' | 'log' | 'text' | 'alarm';
  readonly width: number;
  readonly height: number;
  readonly properties: object;
}

interface Line {
  readonly measure: Measure;
  readonly label: string;
  readonly statistic: string;
  readonly color?: string;
}

const green = '#2ca02c';
const orange = '#ff7f0e';
const red = '#d62728';

/**
 * The dashboard of a stage, as CloudWatch takes it: one row after the other, from "is anything wrong" to the last
 * failures. Texts are for Fn::Sub. `alarmIds`: the logical ids of the alarms that it shows first.
 */
export function dashboardBody(stage: string, alarmIds: readonly string[]): object {
  const webhooks = (result: Parameters<typeof ofRelay<'webhook'>>[3]) =>
    ofRelay(stage, 'webhook', 'count', result);
  const attempts = (result: Parameters<typeof ofRelay<'attempt'>>[3]) =>
    ofRelay(stage, 'attempt', 'count', result);
  const settled = (result: Parameters<typeof ofRelay<'settle'>>[3]) =>
    ofRelay(stage, 'settle', 'count', result);

  const rows: readonly (readonly Tile[])[] = [
    [{ type: 'alarm', width: full, height: 2, properties: alarms(alarmIds) }],
    [
      number('Given up: sends DLQ', [newest(messagesIn('SendsDlq'), 'messages')]),
      number('Waiting for their outcome', [newest(messagesIn('OutcomesQueue'), 'messages')]),
      number('Oldest send', [newest(ofRelay(stage, 'attempt', 'secondsInQueue'), 'seconds')]),
      total('Failed deliveries', [count(webhooks({ deliveryStatus: 'failed' }), 'failed', red)]),
    ],
    [
      chart('Webhooks by result', [
        count(webhooks({ result: 'queued' }), 'queued', green),
        count(webhooks({ result: 'signature-wrong' }), 'signature-wrong', red),
        count(webhooks({ result: 'signature-missing' }), 'signature-missing', orange),
        count(webhooks({ result: 'too-large' }), 'too-large'),
        count(webhooks({ result: 'secret-unavailable' }), 'secret-unavailable'),
        count(webhooks({ result: 'secret-stale' }), 'secret-stale'),
        count(webhooks({ result: 'queue-unavailable' }), 'queue-unavailable'),
      ]),
      chart('Webhooks: time to answer, ms', percentiles(ofApi('Latency'))),
      chart('API Gateway', [
        count(ofApi('Count'), 'requests'),
        count(ofApi('4xx'), '4xx, throttled ones included', orange),
        count(ofApi('5xx'), '5xx', red),
      ]),
    ],
    [
      chart('Attempts by outcome', [
        count(attempts({ result: 'accepted' }), 'accepted', green),
        count(attempts({ result: 'refused' }), 'refused', red),
        count(attempts({ result: 'not-sent' }), 'not sent, comes back', orange),
        count(attempts({ result: 'unclear' }), 'unclear'),
        count(attempts({ result: 'duplicate' }), 'duplicate'),
        count(
          ofRelay(stage, 'api-key', 'count'),
          'these, probes and what was not tried, by the API key',
          red,
        ),
        count(ofRelay(stage, 'given-up', 'count'), 'given up, and not everyday', red),
        count(ofRelay(stage, 'outcome-unknown', 'count'), 'given up: outcome-unknown', red),
      ]),
      search('Attempts; what was not tried, and failed probes, while sending pauses: by code', [
        codesIn(ofRelay(stage, 'attempt', 'count', { code: '' })),
        codesIn(ofRelay(stage, 'untouched', 'count', { code: '' })),
        codesIn(ofRelay(stage, 'probe-failed', 'count', { code: '' })),
      ]),
      chart('Attempts: time, ms', percentiles(ofRelay(stage, 'attempt', 'durationMs'))),
    ],
    [
      chart('Messages in queues', [
        ...queues.map(({ id, label }) => newest(messagesIn(id), label)),
        newest(inFlightOf('SendsQueue'), 'sends, in flight'),
      ]),
      chart(
        'Oldest message, seconds',
        queues.map(({ id, label }) => newest(ageIn(id), label)),
      ),
      chart('Unclear sends: what became of them', [
        count(settled({ type: 'parked', result: 'waiting' }), 'looked at, waits on'),
        count(settled({ type: 'parked', result: 'settled' }), 'settled by a status', green),
        count(settled({ type: 'parked', result: 'released' }), 'sent again', orange),
        count(settled({ type: 'parked', result: 'outcome-unknown' }), 'given up: outcome-unknown', red),
      ]),
    ],
    [
      chart('Delivery: how far messages came', [
        count(attempts({ result: 'accepted' }), '1 accepted by Connectly'),
        count(webhooks({ deliveryStatus: 'sent' }), '2 sent'),
        count(webhooks({ deliveryStatus: 'delivered' }), '3 delivered'),
        count(webhooks({ deliveryStatus: 'read' }), '4 read', green),
        count(webhooks({ deliveryStatus: 'failed' }), 'failed', red),
      ]),
      chart('Functions: errors, failed effects, throttles', [
        count(ofRelay(stage, 'failed-effects', 'count'), 'failed effects', red),
        ...functionNames.map((name) => count(ofFunction(name, 'Errors'), `${name} errors`)),
        ...functionNames.map((name) => count(ofFunction(name, 'Throttles'), `${name} throttles`)),
      ]),
      chart(
        'Functions: running at once',
        functionNames.map((name) => newest(ofFunction(name, 'ConcurrentExecutions'), name)),
      ),
    ],
    [{ type: 'log', width: full, height: 8, properties: lastFailures }],
  ];
  // Without places of their own, tiles are put side by side until a row is full: each of these is.
  return { start: '-PT3H', periodOverride: 'inherit', widgets: rows.flat() };
}

const queues: readonly { readonly id: QueueId; readonly label: string }[] = [
  { id: 'SendsQueue', label: 'sends' },
  { id: 'OutcomesQueue', label: 'outcomes' },
  { id: 'SendsDlq', label: 'sends DLQ' },
  { id: 'EventsQueue', label: 'events' },
  { id: 'EventsDlq', label: 'events DLQ' },
];

const lastFailures = {
  title: 'The last 20 failures, with what Connectly needs to find them (traceId)',
  region: '${AWS::Region}',
  view: 'table',
  query: [
    "SOURCE '/aws/lambda/${SendMessageLambdaFunction}' | SOURCE '/aws/lambda/${SettleSendLambdaFunction}' | SOURCE '/aws/lambda/${ReceiveWebhookLambdaFunction}'",
    'fields @timestamp, event, result, code, traceId, type, key, receiveCount, sqsMessageId',
    'filter level in ["warn", "error"]',
    'sort @timestamp desc',
    'limit 20',
  ].join(' | '),
};

/** Every code, ours and Connectly's, without a list of them: a graph can search, an alarm cannot. */
function codesIn({ namespace, name, dimensions }: Measure): string {
  const schema = [namespace, ...Object.keys(dimensions)].map((each) => `"${each}"`).join(',');
  return `SEARCH('{${schema}} MetricName="${name}" stage="${dimensions['stage']}"', 'Sum', 300)`;
}

function count(measure: Measure, label: string, color?: string): Line {
  return { measure, label, statistic: 'Sum', ...(color !== undefined && { color }) };
}

function newest(measure: Measure, label: string): Line {
  return { measure, label, statistic: 'Maximum' };
}

function percentiles(measure: Measure): Line[] {
  return ['p50', 'p95', 'p99'].map((statistic) => ({ measure, label: statistic, statistic }));
}

/** The newest value. */
function number(title: string, lines: readonly Line[]): Tile {
  return metricTile(full / 4, 4, { title, view: 'singleValue', sparkline: true, metrics: lines.map(toJson) });
}

/** The sum over the time that the dashboard shows. */
function total(title: string, lines: readonly Line[]): Tile {
  const properties = { title, view: 'singleValue', setPeriodToTimeRange: true, metrics: lines.map(toJson) };
  return metricTile(full / 4, 4, properties);
}

function chart(title: string, lines: readonly Line[]): Tile {
  return metricTile(full / 3, 6, { title, view: 'timeSeries', metrics: lines.map(toJson) });
}

function search(title: string, expressions: readonly string[]): Tile {
  const found = expressions.map((expression, index) => [
    { expression, id: `found${index}`, label: "${!PROP('Dim.code')}" },
  ]);
  return metricTile(full / 3, 6, { title, view: 'timeSeries', metrics: found });
}

function metricTile(width: number, height: number, properties: object): Tile {
  return {
    type: 'metric',
    width,
    height,
    properties: { region: '${AWS::Region}', period: 300, ...properties },
  };
}

function alarms(ids: readonly string[]): object {
  return { title: 'Alarms', alarms: ids.map((id) => `\${${id}.Arn}`) };
}

function toJson({ measure, label, statistic, color }: Line): unknown[] {
  const options = { label, stat: statistic, ...(color !== undefined && { color }) };
  return [measure.namespace, measure.name, ...Object.entries(measure.dimensions).flat(), options];
}
