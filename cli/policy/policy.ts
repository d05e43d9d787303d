import { Argument } from 'commander';
import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { expectStageName } from '../target/stage-name.ts';
import { jsonLines } from '../terminal/lines.ts';
import { holders, narrowedTo, policyFor } from './stage-policy.ts';

const oneOrMore = z.union([z.string(), z.array(z.string()).readonly()]);

/** `relay policy` */
export const policy = defineCommand({
  examples: ['policy deployer --stage dev > deployer-policy.json', 'policy operator'],
  result: z.strictObject({
    Version: z.string(),
    Statement: z
      .array(
        z.strictObject({
          Sid: z.string(),
          Effect: z.string(),
          Action: oneOrMore,
          Resource: oneOrMore,
          Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
        }),
      )
      .readonly(),
  }),
  define: (command) =>
    command.addArgument(new Argument('<who>', 'whom it is for: deployer or operator').choices(holders)),
  run({ globals: { stage }, output }, _, [typed]) {
    const who = holders.find((holder) => holder === typed) ?? 'operator';
    if (stage !== undefined) expectStageName(stage);
    const found = stage === undefined ? policyFor(who) : narrowedTo(policyFor(who), stage);
    output.result(found, jsonLines(found));
  },
});
