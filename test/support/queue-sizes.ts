import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Properties: z.looseObject({ MaximumMessageSize: z.int().optional() }).optional() }),
  ),
});

const template = templateSchema.parse(
  parse(readFileSync(new URL('../template/prod-template.yml', import.meta.url), 'utf8')),
);

/** The largest message, in bytes, that a queue of the stack takes, by its logical id; of one that is not there, none. */
export function largestMessageIn(queueId: string): number {
  return template.Resources[queueId]?.Properties?.MaximumMessageSize ?? 0;
}
