// A plugin of serverless.yml: refuses settings that cannot work before anything is packaged, and completes the template
// afterwards. What it does is TypeScript, which Node 20 does not run, so it is bundled on the way.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** @returns {Promise<typeof import('./packaging.ts')>} */
async function loadPackaging() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('packaging.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  const bundle = `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`;
  return import(bundle);
}

/** The commands that settings go into. Looking at a stack, or removing it, must work whatever they say. */
const changing = new Set(['package', 'deploy', 'deploy function']);

/**
 * As much of the framework's object as is used here.
 * @typedef {object} Serverless
 * @property {{
 *   params?: Record<string, Record<string, unknown>>,
 *   functions: { sendMessage: { timeout: number } },
 * }} configurationInput
 * @property {{ commands: string[], options: { param?: string[] } }} processedInput
 * @property {{ Error: new (message: string, code: string) => Error }} classes
 * @property {(name: 'aws') => { getStage(): string, getRegion(): string }} getProvider
 * @property {{
 *   service: string,
 *   resources: { Outputs: object },
 *   provider: { compiledCloudFormationTemplate: import('./conditions.ts').TemplateWithConditions },
 * }} service
 */

export default class CompleteTemplate {
  constructor(/** @type {Serverless} */ serverless) {
    this.serverless = serverless;
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.complete(),
    };
  }

  /** Called by the framework before it checks serverless.yml itself, in words that name no setting. */
  async asyncInit() {
    if (!changing.has(this.serverless.processedInput.commands.join(' '))) return;
    const { settingProblems } = await loadPackaging();
    this.refuse(settingProblems(this.givenSettings()));
  }

  async complete() {
    const { completeTemplate, settingsOf, visibilityProblems } = await loadPackaging();
    const { service, provider, resources } = this.serverless.service;
    const given = this.givenSettings();
    const template = completeTemplate(provider.compiledCloudFormationTemplate, {
      service,
      stage: given.stage,
      region: given.region,
      alarmTopicArn: settingsOf(given).get('alarmTopicArn')?.value ?? '',
      ownOutputs: Object.keys(resources.Outputs),
    });
    this.refuse(visibilityProblems(template.Resources));
    provider.compiledCloudFormationTemplate = template;
  }

  givenSettings() {
    const { configurationInput, processedInput } = this.serverless;
    const provider = this.serverless.getProvider('aws');
    return {
      stage: provider.getStage(),
      region: provider.getRegion(),
      params: configurationInput.params ?? {},
      commandLine: processedInput.options.param ?? [],
      sendTimeoutSeconds: configurationInput.functions.sendMessage.timeout,
    };
  }

  refuse(/** @type {string[]} */ problems) {
    if (problems.length === 0) return;
    throw new this.serverless.classes.Error(
      `These settings cannot work:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      'SETTINGS_REFUSED',
    );
  }
}
