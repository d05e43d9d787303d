import * as z from 'zod';
import { type LogField, logFields, type sameOnEachLine } from '../../lib/log-fields.ts';
import { logLevels } from '../../lib/logger.ts';

const readers = {
  string: z.string().optional(),
  number: z.number().optional(),
  boolean: z.boolean().optional(),
  strings: z.array(z.string()).optional(),
};

type Readers = {
  readonly [Field in Exclude<
    LogField,
    (typeof sameOnEachLine)[number]
  >]: (typeof readers)[(typeof logFields)[Field]];
};

// Object.fromEntries() forgets which field has which kind: the first signature says it again.
function readersOfFields(): Readers;
function readersOfFields(): Record<string, z.ZodType> {
  const { stage: _stage, ...told } = logFields;
  return Object.fromEntries(Object.entries(told).map(([field, kind]) => [field, readers[kind]]));
}

/** A reader of every field that the functions may log, but what is the same on each line. */
export const logFieldReaders = readersOfFields();

/** Whatever is not known here is left out: no line can show more than the log's own list of fields. */
export const logLineSchema = z.object({
  timestamp: z.iso.datetime(),
  level: z.enum(logLevels),
  event: z.string(),
  ...logFieldReaders,
});
