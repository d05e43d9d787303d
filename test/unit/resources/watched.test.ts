import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { describedProgram } from '../../../cli/program.ts';
import { outcomeOf } from '../../../lib/connectly/answer.ts';
import { codeOf } from '../../../lib/delivery/outcome.ts';
import { metrics, namespaceOf } from '../../../lib/metrics.ts';
import { alarmResources } from '../../../resources/alarm-resources.ts';
import { alarmsOf } from '../../../resources/alarms.ts';
import { dashboardBody } from '../../../resources/dashboard.ts';
import { expressionOf, ofRelay } from '../../../resources/measures.ts';
import { described } from '../local/template/local-names.ts';
import { alarmNamed, isCountedBy, watchedProd } from './alarm-scene.ts';

const place = { service: 'connectly-relay', ...watchedProd };
const alarms = alarmResources(place, [{ Ref: 'AlarmTopic' }]);
const body = JSON.stringify(dashboardBody('prod', Object.keys(alarms)));

/** A metric by its namespace, name and the names of its dimensions. */
interface Seen {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
}

/** Every metric that the functions can write. */
const written = Object.entries(metrics).flatMap(([event, groups]) =>
  groups.flatMap((group) =>
    group.splits.flatMap((dimensions) =>
      Object.keys(group.metrics).map((name) => text({ namespace: namespaceOf(event), name, dimensions })),
    ),
  ),
);

/** What AWS documents for the services that are watched here. */
const ofAws = new Set([
  'AWS/SQS ApproximateNumberOfMessagesVisible QueueName',
  'AWS/SQS ApproximateNumberOfMessagesNotVisible QueueName',
  'AWS/SQS ApproximateAgeOfOldestMessage QueueName',
  'AWS/SQS NumberOfMessagesReceived QueueName',
  'AWS/Lambda Errors FunctionName',
  'AWS/Lambda Throttles FunctionName',
  'AWS/Lambda RecursiveInvocationsDropped FunctionName',
  'AWS/Lambda ConcurrentExecutions FunctionName',
  'AWS/ApiGateway Count ApiId',
  'AWS/ApiGateway Latency ApiId',
  'AWS/ApiGateway 4xx ApiId',
  'AWS/ApiGateway 5xx ApiId',
]);

function text({ namespace, name, dimensions }: Seen): string {
  return `${namespace} ${name} ${dimensions.toSorted().join(',')}`;
}

function unknownIn(seen: readonly Seen[]): string[] {
  return seen.map(text).filter((metric) => !written.includes(metric) && !ofAws.has(metric));
}

type Json = Readonly<Record<string, unknown>>;

function objectsIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return [{ ...value }, ...Object.values(value).flatMap(objectsIn)];
}

/** The metrics that a dashboard's body shows, those of its searches included. */
function shownBy(dashboard: string): Seen[] {
  const lists = objectsIn(JSON.parse(dashboard)).flatMap(({ metrics: lines }) =>
    Array.isArray(lines) ? lines : [],
  );
  return lists.map((line: unknown[]) => {
    const [namespace, name, ...rest] = line;
    if (typeof namespace === 'string') {
      const dimensions = rest.filter((each, index) => index % 2 === 0 && typeof each === 'string');
      return { namespace, name: String(name), dimensions: dimensions.map(String) };
    }
    const [, schema = '', metric = ''] =
      /'\{([^}]*)\} MetricName="(\w+)"/.exec(JSON.stringify(namespace).replaceAll('\\"', '"')) ?? [];
    const [space = '', ...dimensions] = schema.split(',').map((each) => each.replaceAll('"', ''));
    return { namespace: space, name: metric, dimensions };
  });
}

/** The metrics that alarms watch. */
function watchedBy(resources: object): Seen[] {
  return objectsIn(resources)
    .filter((each) => 'Namespace' in each)
    .map(({ Namespace: namespace, MetricName: name, Dimensions: dimensions }) => ({
      namespace: String(namespace),
      name: String(name),
      dimensions: objectsIn(dimensions).flatMap(({ Name: dimension }) =>
        typeof dimension === 'string' ? [dimension] : [],
      ),
    }));
}

describe('The dashboard', () => {
  it('shows only metrics that the functions or AWS write', () => {
    const shown = shownBy(body);

    expect(shown.length).toBeGreaterThan(40);
    expect(unknownIn(shown)).toEqual([]);
  });

  it('shows every metric that the functions write', () => {
    const shown = new Set(shownBy(body).map(text));

    expect(written.filter((metric) => !shown.has(metric))).toEqual([]);
  });

  it.each([
    ['a metric of another name', '"secondsInQueue"', '"secondsWaiting"'],
    ['a metric of another namespace', 'connectly-relay/settle', 'connectly-relay/settled'],
    ['a dimension that is not there', '"deliveryStatus"', '"status"'],
    ['another search', '\\"code\\"}', '\\"fault\\"}'],
  ])('with %s would be noticed', (_, search, replacement) => {
    const broken = body.replaceAll(search, replacement);

    expect(broken).not.toBe(body);
    expect(unknownIn(shownBy(broken))).not.toEqual([]);
  });

  it('is JSON after its references are filled in, with no reference left and rows that are full', () => {
    const resources = Object.fromEntries(
      ['EventsQueue', 'EventsDlq', 'SendsQueue', 'SendsDlq', 'OutcomesQueue'].map((id) => [
        id,
        { Type: 'AWS::SQS::Queue' },
      ]),
    );
    const functions = Object.fromEntries(
      ['ReceiveWebhook', 'SendMessage', 'SettleSend'].map((id) => [
        `${id}LambdaFunction`,
        { Type: 'AWS::Lambda::Function', Properties: { Handler: 'a.b', Runtime: 'nodejs24.x' } },
      ]),
    );
    const api = {
      HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } },
    };
    // Alarms have no local part: their ARNs are put there as text.
    const withoutAlarms = body.replaceAll(
      /\$\{(\w+)Alarm\.Arn\}/g,
      'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:$1',
    );

    const { outputs } = described({
      Resources: { ...resources, ...functions, ...api },
      Outputs: { Body: { Value: { 'Fn::Sub': withoutAlarms } } },
    });

    const { widgets } = JSON.parse(outputs['Body'] ?? '');
    const widths: number[] = widgets.map(({ width }: { width: number }) => width);
    expect(outputs['Body']).toContain('"eu-west-1"');
    expect(outputs['Body']?.replaceAll("${PROP('Dim.code')}", '')).not.toContain('${');
    expect(widths.reduce((sum, width) => sum + width, 0) % 24).toBe(0);
  });
});

/** What relay would not know in a command, its name and its options. */
async function unknownInCommand(typed: string): Promise<string[]> {
  const program = await describedProgram();
  const { command, rest } = commandNamed(typed.split(' '), program);
  const { operands, unknown } = command.parseOptions(rest);
  return [...operands.slice(command.registeredArguments.length), ...program.parseOptions(unknown).unknown];
}

function commandNamed([word, ...rest]: string[], parent: Command): { command: Command; rest: string[] } {
  const command = parent.commands.find((each) => each.name() === word);
  if (command !== undefined) return commandNamed(rest, command);
  return { command: parent, rest: word === undefined ? rest : [word, ...rest] };
}

describe('The alarms', () => {
  it('watch only metrics that the functions or AWS write', () => {
    const watched = watchedBy(alarms);

    expect(watched.length).toBeGreaterThan(15);
    expect(unknownIn(watched)).toEqual([]);
  });

  it('would be noticed when they watch another', () => {
    const broken: object = JSON.parse(JSON.stringify(alarms).replaceAll('"result"', '"fault"'));

    expect(unknownIn(watchedBy(broken))).not.toEqual([]);
  });

  it.each([
    [401, 'attempt'],
    [401, 'untouched'],
    [403, 'untouched'],
    [302, 'untouched'],
  ])('about the API key count the code that a %i really has, in the event %s', (status, event) => {
    const outcome = outcomeOf({ kind: 'answered', status, body: '', retryAfter: undefined }, 0);

    const code = codeOf(outcome);

    expect(outcome).toMatchObject({ kind: 'not-sent', configurationFault: expect.any(String) });
    const fields = event === 'attempt' ? { code } : { code: 'business-paused', cause: code };
    expect(isCountedBy(alarmNamed('api-key'), event, fields)).toBe(true);
  });

  it('each say what they mean, how they end and what to type first, and tell people when they ring and when they stop', () => {
    for (const { id, ends, command } of alarmsOf(place)) {
      const { Properties: properties }: { Properties?: Json } = { ...alarms[`${id}Alarm`] };
      const description = JSON.stringify(properties?.['AlarmDescription']);

      expect(command).toMatch(/^(npx relay|aws) [a-z]/);
      expect(ends).toMatch(/^Ends (by itself|when you) [^.]+\.$/);
      expect(description).toContain(`. ${ends} First: ${command} --region \${AWS::Region}`);
      expect(description.length).toBeLessThan(1000);
      expect(properties?.['AlarmActions']).toEqual([{ Ref: 'AlarmTopic' }]);
      expect(properties?.['OKActions']).toEqual([{ Ref: 'AlarmTopic' }]);
      expect(properties?.['TreatMissingData']).toBe('notBreaching');
    }
  });

  it('name commands and options that relay has', async () => {
    const typed = alarmsOf(place).flatMap(({ command }) => /^npx relay (.*)/.exec(command)?.[1] ?? []);

    const unknown = await Promise.all(typed.map(unknownInCommand));

    expect(typed.length).toBeGreaterThan(5);
    expect(unknown.flat()).toEqual([]);
    expect(await unknownInCommand('dlq ls --kode x')).toEqual(['--kode', 'x']);
    expect(await unknownInCommand('dlq look')).toEqual(['look']);
  });

  it('look back over more than they need where an expression fills what is missing', () => {
    const filling = alarmsOf(place).filter(
      ({ watches }) => 'expression' in watches && watches.expression.includes('FILL'),
    );

    expect(filling.length).toBeGreaterThan(3);
    for (const { datapoints, of } of filling) expect(of).toBeGreaterThan(datapoints);
  });

  it('are all in the table of docs/settings.md, and nothing else is', () => {
    const docs = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
    const [, chapter = ''] = docs.split('## Alarms');

    const documented = [...(chapter.split('\n## ')[0] ?? '').matchAll(/^\| `([\w-]+)` \|/gm)].map(
      ([, name]) => name,
    );

    expect(new Set(documented)).toEqual(new Set(alarmsOf(place).map(({ name }) => name)));
  });
});

describe('A measure of the relay', () => {
  it.each([
    ['that is not written', () => ofRelay('prod', 'attempt', 'bytes')],
    [
      'that is not split like this',
      () => ofRelay('prod', 'attempt', 'durationMs', { code: 'connectly-401' }),
    ],
    ['that is only written split', () => ofRelay('prod', 'settle', 'count', { type: 'parked' })],
  ])('%s is refused', (_, make) => {
    expect(make).toThrow('The functions write no metric');
  });
});

describe('A text for Fn::Sub', () => {
  it.each([
    ['prod', 'prod'],
    ['${SendsQueue}', { Ref: 'SendsQueue' }],
    ['${SendsQueue.QueueName}', { 'Fn::GetAtt': ['SendsQueue', 'QueueName'] }],
    ['a ${SendsQueue}', { 'Fn::Sub': 'a ${SendsQueue}' }],
  ])('%s becomes the shortest expression', (given, expression) => {
    expect(expressionOf(given)).toEqual(expression);
  });
});
