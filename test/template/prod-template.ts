import { fileURLToPath } from 'node:url';
import { packagedTemplate } from '../../local/template/package.ts';
import { readTemplate, type Template } from './template.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The template that `serverless package --stage prod` makes; from the cache, when nothing in it has changed. */
export async function prodTemplate(): Promise<Template> {
  const { template } = await packagedTemplate({ projectRoot, stage: 'prod', region: 'us-east-1' });
  return readTemplate(template);
}
