import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheKey, type PackagingInputs } from './cache-key.ts';
import { runServerlessPackage } from './serverless-package.ts';
import { makeServiceFolder } from './service-folder.ts';
import { TemplateCache } from './template-cache.ts';

export interface PackagedTemplateOptions extends PackagingInputs {
  /** Told in one sentence what is going on; packaging takes a few seconds. */
  log?: (line: string) => void;
}

export interface PackagedTemplate {
  /** The CloudFormation template as it would be deployed. */
  template: unknown;
  /** True when nothing that the template depends on has changed since it was last packaged. */
  cacheHit: boolean;
}

const running = new Map<string, Promise<PackagedTemplate>>();

/**
 * Packages the service and resolves to its CloudFormation template, from the cache below `.relay/cache/` when its
 * content has been packaged before. Calls at the same time share one run. Rejects with `PackagingError`.
 */
export async function packagedTemplate(options: PackagedTemplateOptions): Promise<PackagedTemplate> {
  const { key, environmentNames, cacheable } = await cacheKey(options);
  const runKey = `${options.projectRoot}\n${key}`;
  const already = running.get(runKey);
  if (already) return already;
  const run = produce(options, { key, environmentNames, cacheable }).finally(() => running.delete(runKey));
  running.set(runKey, run);
  return run;
}

async function produce(
  { projectRoot, stage, region, env = process.env, log }: PackagedTemplateOptions,
  { key, environmentNames, cacheable }: Awaited<ReturnType<typeof cacheKey>>,
): Promise<PackagedTemplate> {
  const cacheDirectory = join(projectRoot, '.relay/cache');
  const cache = new TemplateCache(join(cacheDirectory, 'templates'));
  const cached = cacheable ? await cache.read(key) : undefined;
  if (cached !== undefined) return { template: cached, cacheHit: true };

  log?.(`Packaging serverless.yml for stage ${stage} (a few seconds; cached until it changes)`);
  const serviceFolder = join(cacheDirectory, `package-${randomUUID()}`);
  try {
    await makeServiceFolder(projectRoot, serviceFolder);
    await runServerlessPackage({ projectRoot, stage, region, serviceFolder, environmentNames, env });
    const file = join(serviceFolder, '.serverless/cloudformation-template-update-stack.json');
    const template: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (cacheable) await cache.write(key, template);
    return { template, cacheHit: false };
  } finally {
    await rm(serviceFolder, { recursive: true, force: true });
  }
}
