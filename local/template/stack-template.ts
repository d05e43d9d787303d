import * as z from 'zod';
import { TemplateError } from './template-error.ts';

const anyRecord = z.record(z.string(), z.unknown());

const resource = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: anyRecord.optional(),
});

const output = z.object({ Value: z.unknown(), Condition: z.string().optional() });

const parameter = z.object({
  Type: z.string(),
  Default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

const stackTemplate = z.object({
  Parameters: z.record(z.string(), parameter).optional(),
  Mappings: z.record(z.string(), anyRecord).optional(),
  Conditions: anyRecord.optional(),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), output).optional(),
  Transform: z.undefined({ error: 'transforms run in AWS only' }).optional(),
});

/** A CloudFormation template whose outline has been checked; what properties hold has not. */
export type StackTemplate = z.infer<typeof stackTemplate>;

export type TemplateParameter = z.infer<typeof parameter>;

export type TemplateResource = StackTemplate['Resources'][string];

export function parseTemplate(template: unknown): StackTemplate {
  const result = stackTemplate.safeParse(template);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TemplateError(
    issue?.path.join('.') || 'template',
    issue?.message ?? 'not a CloudFormation template',
  );
}
