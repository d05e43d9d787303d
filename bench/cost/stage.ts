import { fileURLToPath } from 'node:url';
import { packagedTemplate } from '../../local/template/package.ts';
import {
  everyObjectIn,
  mappingsOf,
  type Properties,
  readTemplate,
  record,
  resourcesOf,
  type Template,
  textsIn,
} from '../../test/template/template.ts';

/** What a stage costs by being there, and how its queues are read: what its packaged template says. */
export interface Stage {
  readonly dashboards: number;
  /** Metrics that alarms watch; one that two alarms watch counts twice. */
  readonly watchedMetrics: number;
  readonly secrets: number;
  /** The queue of send-message and that of settle-send. */
  readonly sends: Mapping;
  readonly outcomes: Mapping;
  readonly functionMemoryMb: number;
  /** Whether Lambda writes lines of its own about an invocation that ended well. */
  readonly logsEachInvocation: boolean;
  /** A line of API Gateway's access log, in bytes; 0 without one. */
  readonly accessLogBytes: number;
}

export interface Mapping {
  readonly batchSize: number;
  readonly windowSeconds: number;
}

/** Packages serverless.yml for a stage, or takes what has been packaged before. */
export async function readStage(stage: 'dev' | 'prod', projectRoot = thisProject): Promise<Stage> {
  const { template } = await packagedTemplate({ projectRoot, stage, region: 'us-east-1' });
  return stageOf(readTemplate(template));
}

const thisProject = fileURLToPath(new URL('../..', import.meta.url));

export function stageOf(template: Template): Stage {
  const count = (type: string) => resourcesOf(template, type).length;
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map(({ properties }) => properties);
  const [api = {}] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').map(({ properties }) => properties);
  return {
    dashboards: count('AWS::CloudWatch::Dashboard'),
    watchedMetrics: resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .flatMap(({ properties }) => everyObjectIn(properties))
      .filter((each) => 'MetricName' in each).length,
    secrets: count('AWS::SecretsManager::Secret'),
    sends: mappingOf(template, 'SendMessage'),
    outcomes: mappingOf(template, 'SettleSend'),
    functionMemoryMb: Math.max(...functions.map(({ MemorySize: megabytes }) => Number(megabytes))),
    logsEachInvocation: functions.some((properties) => !isQuiet(record(properties['LoggingConfig']))),
    accessLogBytes: accessLogBytes(textsIn(record(api['AccessLogSettings'])['Format']).join('')),
  };
}

function mappingOf(template: Template, name: string): Mapping {
  const [found, ...more] = mappingsOf(template).filter(({ id }) => id.startsWith(name));
  if (found === undefined || more.length > 0) throw new Error(`${name} has not one queue.`);
  const { BatchSize: size, MaximumBatchingWindowInSeconds: seconds } = found.properties;
  return { batchSize: Number(size), windowSeconds: Number(seconds) };
}

function isQuiet({ SystemLogLevel: level }: Properties): boolean {
  return level === 'WARN' || level === 'ERROR';
}

/** What API Gateway puts in place of what a format names; others are taken to be of eight characters. */
const examples: Readonly<Record<string, string>> = {
  requestId: 'JKJaXmPLvHcESHA=',
  'identity.sourceIp': '203.0.113.195',
  routeKey: 'POST /webhooks',
  requestTime: '22/Nov/2026:10:00:00 +0000',
  status: '200',
  integrationStatus: '200',
  responseLatency: '25',
};

function accessLogBytes(format: string): number {
  return format.replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => examples[name] ?? 'x'.repeat(8))
    .length;
}
