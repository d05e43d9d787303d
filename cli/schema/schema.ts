import { Option } from 'commander';
import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { jsonLines } from '../terminal/lines.ts';
import { type Draft, drafts, messageJsonSchema } from './message-schema.ts';

/** `relay schema` */
export const schema = defineCommand({
  examples: ['schema > message.schema.json', 'schema --draft draft-07'],
  /** The schema itself. */
  result: z.strictObject({
    $schema: z.url(),
    title: z.string(),
    description: z.string(),
    oneOf: z.array(z.record(z.string(), z.unknown())).length(3),
    examples: z.array(z.unknown()),
  }),
  define: (command) =>
    command.addOption(new Option('--draft <draft>', 'of JSON Schema').choices(drafts).default('2020-12')),
  run({ output }, { draft }: { readonly draft: Draft }) {
    const result = messageJsonSchema(draft);
    output.result(result, jsonLines(result));
  },
});
