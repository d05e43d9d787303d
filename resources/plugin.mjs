// A plugin of serverless.yml: refuses settings that cannot work before anything is packaged, completes the template
// afterwards, and lets no deployment open a stage by accident. What it does is TypeScript, which Node 20 does not run, so
// it is bundled on the way.
import { fileURLToPath } from 'node:url';
import { GetFunctionCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';

/** @type {Promise<typeof import('./packaging.ts')> | undefined} */
let packaging;

function loadPackaging() {
  packaging ??= bundled();
  return packaging;
}

async function bundled() {
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
 * @typedef {{ environment?: Record<string, unknown> }} WithEnvironment
 * @typedef {{ SendMessageLambdaFunction?: { Properties?: { Environment?: { Variables?: { ONLY_TO?: unknown } } } } }} Sender
 * @typedef {object} Serverless
 * @property {{
 *   params?: Record<string, Record<string, unknown>>,
 *   provider: WithEnvironment,
 *   functions: Record<string, WithEnvironment> & { sendMessage: WithEnvironment & { timeout: number } },
 * }} configurationInput
 * @property {{ commands: string[], options: { param?: string[] } }} processedInput
 * @property {{ Error: new (message: string, code: string) => Error }} classes
 * @property {(path: readonly string[], value: unknown) => void} extendConfiguration
 * @property {(name: 'aws') => {
 *   getStage(): string,
 *   getRegion(): string,
 *   getAwsSdkV3Config?(): Promise<import('@aws-sdk/client-lambda').LambdaClientConfig>,
 * }} getProvider
 * @property {{
 *   service: string,
 *   resources: { Outputs: object },
 *   provider: { compiledCloudFormationTemplate: import('./conditions.ts').TemplateWithConditions & { Resources: Sender } },
 * }} service
 */

export default class CompleteTemplate {
  /** @param {{ log: { warning(text: string): void } }} writers */
  constructor(/** @type {Serverless} */ serverless, /** @type {object} */ _options, writers) {
    this.serverless = serverless;
    this.log = writers.log;
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.complete(),
      'before:deploy:deploy': () => this.refuseToOpen(this.packagedOnlyTo()),
      'before:deploy:function:deploy': async () => this.refuseToOpen(await this.setting('onlyTo')),
    };
  }

  /** Called by the framework before it checks serverless.yml itself, in words that name no setting. */
  async asyncInit() {
    const { environmentProblems, frameworkKeys, settingProblems, settingsOf } = await loadPackaging();
    const given = this.givenSettings();
    for (const [path, value] of frameworkKeys(given)) this.serverless.extendConfiguration([...path], value);
    if (!changing.has(this.serverless.processedInput.commands.join(' '))) return;
    this.refuse(settingProblems(given));
    this.refuse(environmentProblems(this.environments(), settingsOf(given)));
  }

  async complete() {
    const { completeTemplate, openStageWarning, recipientsOf, visibilityProblems } = await loadPackaging();
    const { service, provider, resources } = this.serverless.service;
    const { stage, region } = this.givenSettings();
    const template = completeTemplate(provider.compiledCloudFormationTemplate, {
      service,
      stage,
      region,
      alarmTopicArn: await this.setting('alarmTopicArn'),
      accessLog: (await this.setting('accessLog')) === 'true',
      webhooksPerHour: Number(await this.setting('alarmWebhooksPerHour')) || undefined,
      sendsPerHour: Number(await this.setting('alarmSendsPerHour')) || undefined,
      ownOutputs: Object.keys(resources.Outputs),
    });
    this.refuse(visibilityProblems(template.Resources));
    provider.compiledCloudFormationTemplate = template;
    const open = openStageWarning(stage, recipientsOf(await this.setting('onlyTo')));
    if (open !== undefined) this.log.warning(`${open.finding} ${open.remedy}`);
  }

  /** Asks AWS what is deployed, before anything changes there. */
  async refuseToOpen(/** @type {string} */ next) {
    const { openingProblems } = await loadPackaging();
    const { stage } = this.givenSettings();
    const name = `${this.serverless.service.service}-${stage}-send-message`;
    this.refuse(openingProblems({ stage, deployed: await this.deployedOnlyTo(name), next }));
  }

  /** @returns {Promise<string | undefined>} */
  async deployedOnlyTo(/** @type {string} */ functionName) {
    const provider = this.serverless.getProvider('aws');
    const config = (await provider.getAwsSdkV3Config?.()) ?? { region: provider.getRegion() };
    const lambda = new LambdaClient(config);
    try {
      const { Configuration: found } = await lambda.send(
        new GetFunctionCommand({ FunctionName: functionName }),
      );
      return found?.Environment?.Variables?.['ONLY_TO'];
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** What the template says that is about to be deployed, which may have been packaged long ago (`--package`). */
  packagedOnlyTo() {
    const { Resources: resources } = this.serverless.service.provider.compiledCloudFormationTemplate;
    const variables = resources.SendMessageLambdaFunction?.Properties?.Environment?.Variables;
    const onlyTo = variables?.ONLY_TO;
    return typeof onlyTo === 'string' ? onlyTo : '';
  }

  /** The variables of each function, as serverless.yml has them: the framework has not looked up any setting yet. */
  environments() {
    const { functions, provider } = this.serverless.configurationInput;
    return Object.fromEntries(
      Object.entries(functions).map(([name, { environment }]) => [
        name,
        { ...provider.environment, ...environment },
      ]),
    );
  }

  async setting(/** @type {string} */ name) {
    const { settingsOf } = await loadPackaging();
    return settingsOf(this.givenSettings()).get(name)?.value ?? '';
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
