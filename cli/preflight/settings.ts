import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const serviceSchema = z.object({
  params: z.record(z.string(), z.object({ cloudFormationRoleArn: z.string().optional() }).nullish()),
});

/** The role that CloudFormation is to act as, as serverless.yml has it for the stage or for all; undefined for none. */
export async function cloudFormationRole(projectRoot: string, stage: string): Promise<string | undefined> {
  const text = await readFile(join(projectRoot, 'serverless.yml'), 'utf8');
  // It has tags that are CloudFormation's own.
  const { params } = serviceSchema.parse(parse(text, { logLevel: 'silent' }));
  return (params[stage]?.cloudFormationRoleArn ?? params['default']?.cloudFormationRoleArn) || undefined;
}
