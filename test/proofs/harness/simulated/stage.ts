import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { describeStack } from '../../../../local/template/describe-stack.ts';
import type { QueueDescription } from '../../../../local/template/stack-description.ts';
import type { FunctionName, Variables } from '../shipped.ts';

/** The numbers that a stage is deployed with. */
export interface Stage {
  /** Dead-letter queues first. */
  readonly queues: readonly QueueDescription[];
  readonly queueName: (logicalId: string) => string;
  readonly sendMessage: StageFunction;
  readonly settleSend: StageFunction;
  /** Requests in flight at most, of one environment. */
  readonly window: number;
  /** The environment that the template gives a function; what is no queue goes by its logical id. */
  readonly variables: (name: FunctionName, urlOf: (logicalId: string) => string) => Variables;
}

export interface StageFunction {
  readonly timeoutMs: number;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumConcurrency: number;
}

const region = 'eu-central-1';

const environment = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.null(), z.object({ Ref: z.string() })]),
);

const sqsFunction = z.object({
  timeout: z.number(),
  environment,
  events: z.tuple([
    z.object({
      sqs: z.object({
        batchSize: z.number(),
        maximumBatchingWindow: z.number(),
        maximumConcurrency: z.number(),
        functionResponseType: z.literal('ReportBatchItemFailures'),
      }),
    }),
  ]),
});

const settings = z.object({
  service: z.string(),
  params: z.object({ default: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
});

const functionsOf = z.object({
  provider: z.object({ environment }),
  functions: z.object({
    receiveWebhook: z.object({ environment }),
    sendMessage: sqsFunction,
    settleSend: sqsFunction,
  }),
});

const queueFile = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })),
});

const withIntrinsics = {
  logLevel: 'silent',
  customTags: [
    { tag: '!GetAtt', resolve: (text: string) => ({ 'Fn::GetAtt': text.split('.') }) },
    { tag: '!Ref', resolve: (text: string) => ({ Ref: text }) },
    { tag: '!Sub', resolve: (text: string) => ({ 'Fn::Sub': text }) },
    // Encryption alone depends on conditions, and no simulation looks at it.
    { tag: '!If', collection: 'seq', resolve: () => false },
  ],
} as const;

function parsed<Schema extends z.ZodType>(schema: Schema, source: string): z.infer<Schema> {
  return schema.parse(parse(source, { ...withIntrinsics, customTags: [...withIntrinsics.customTags] }));
}

/** Reads serverless.yml with its default parameters, the queues as the local stack does. `projectRoot` is a path. */
export async function readStage(projectRoot: string): Promise<Stage> {
  const source = await readFile(join(projectRoot, 'serverless.yml'), 'utf8');
  const { service: name, params } = parsed(settings, source);
  const filled = (yaml: string) =>
    yaml
      .replaceAll(/\$\{param:(\w+)\}/g, (_, parameter: string) => String(params.default[parameter] ?? ''))
      .replaceAll('${self:service}', name)
      .replaceAll('${self:provider.stage}', 'sim');
  const { provider, functions } = parsed(functionsOf, filled(source));
  const template = parsed(
    queueFile,
    filled(await readFile(join(projectRoot, 'resources/queues.yml'), 'utf8')),
  );
  const { queues } = describeStack(template, {
    region,
    accountId: '000000000000',
    stackName: name,
    resolveRef: { queueUrl: (queue) => queue, secretArn: (secret) => secret, apiEndpoint: () => '' },
  });
  const environments = {
    'receive-webhook': functions.receiveWebhook.environment,
    'send-message': functions.sendMessage.environment,
    'settle-send': functions.settleSend.environment,
  };
  return {
    queues,
    queueName(logicalId) {
      const found = queues.find((queue) => queue.logicalId === logicalId);
      if (found === undefined) throw new Error(`resources/queues.yml has no queue ${logicalId}`);
      return found.name;
    },
    sendMessage: stageFunction(functions.sendMessage),
    settleSend: stageFunction(functions.settleSend),
    window: z.number().parse(params.default['sendWindow']),
    variables(of, urlOf) {
      const textOf = (value: z.infer<typeof environment>[string]) => {
        if (typeof value !== 'object' || value === null) return String(value ?? '');
        return queues.some(({ logicalId }) => logicalId === value.Ref) ? urlOf(value.Ref) : value.Ref;
      };
      const given = Object.entries({ ...provider.environment, ...environments[of] });
      return Object.fromEntries(given.map(([variable, value]) => [variable, textOf(value)]));
    },
  };
}

function stageFunction({ timeout, events: [{ sqs }] }: z.infer<typeof sqsFunction>): StageFunction {
  return {
    timeoutMs: timeout * 1000,
    batchSize: sqs.batchSize,
    batchingWindowSeconds: sqs.maximumBatchingWindow,
    maximumConcurrency: sqs.maximumConcurrency,
  };
}
