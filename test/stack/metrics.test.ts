import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { registerStack } from '../../cli/webhook/register-stack.ts';
import type { FunctionLog } from '../../local/aws/lambda/lambda-function.ts';
import { startStack } from '../../local/stack/stack.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { patienceMs } from '../support/waiting.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

const customer = '+15550300001';
const stranger = '+15550300002';
const lines: string[] = [];
let stack: StackUnderTest;

function keepLine(log: FunctionLog): void {
  if (log.stream !== 'platform') lines.push(log.line);
}

beforeAll(async () => {
  stack = underTest(await startStack({ projectRoot, onFunctionLog: keepLine }));
  await registerStack(stack);
  stack.connectly.setWindow({ customer, state: 'open' });
  await stack.enqueueAll([
    { type: 'text', to: customer, text: 'hello!' },
    { type: 'text', to: stranger, text: 'hello!' },
  ]);
  await fetch(stack.webhookUrl, { method: 'POST', body: '{}' });
  for (const what of ['"accepted"', '"refused"', '"queued"', '"signature-missing"', '"delivered"'])
    await stack.eventually(`A line with ${what}`, () => lines.find((line) => line.includes(what)));
}, 2 * patienceMs);

afterAll(() => stack.close());

const measured = z.looseObject({
  timestamp: z.iso.datetime(),
  event: z.string(),
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().optional() })),
      }),
    ),
  }),
});

describe('Under the log format of the template', () => {
  it('every line of a function is the JSON object that it wrote, wrapped in nothing', () => {
    const formats = stack.description.functions.map(({ logFormat }) => logFormat);

    const events = lines.map((line) => JSON.parse(line).event);

    expect(formats).toEqual(['JSON', 'JSON', 'JSON']);
    expect(new Set(events)).toEqual(new Set(['webhook', 'attempt']));
  });

  it('each line has the metrics that its directives name, and the dimensions that split them', () => {
    const parsed = lines.map((line) => measured.parse(JSON.parse(line)));

    for (const line of parsed) {
      const { CloudWatchMetrics: groups } = line['_aws'];
      expect(groups.length).toBeGreaterThan(0);
      for (const { Namespace: namespace, Dimensions: dimensions, Metrics: metrics } of groups) {
        expect(namespace).toBe(`connectly-relay/${line.event}`);
        for (const name of dimensions.flat()) expect(line[name]).toEqual(expect.any(String));
        for (const { Name: name } of metrics) expect(line[name]).toEqual(expect.any(Number));
      }
    }
  });
});
