import { usageError } from '../errors.ts';
import { present } from './message-options.ts';
import { collectNameValues, type NameValue, refuseRepeated } from './name-value.ts';
import { defineSend } from './send-command.ts';

interface TemplateOptions {
  readonly template: string;
  readonly language?: string;
  readonly campaign?: string;
  readonly param?: readonly NameValue[];
  readonly filename?: readonly NameValue[];
}

/** `relay send template` */
export const sendTemplate = defineSend<TemplateOptions>({
  examples: [
    'send template --to +15555555555 --template order_ready --language en --param body_1=Ana',
    'send template --to +15555555555 --template invoice --language en --param header_document=https://example.com/42.pdf --filename header_document=invoice.pdf --dry-run',
  ],
  define: (command) =>
    command
      .requiredOption('--template <name>', 'the approved template')
      .option('--language <code>', 'en, en_US, pt_BR, ...: Connectly wants it approved in this one')
      .option('--param <name=value>', 'fills a place, such as body_1=Ana; may be repeated', collectNameValues)
      .option('--filename <name=file>', 'the name that a document parameter is shown by', collectNameValues)
      .option('--campaign <name>', 'the campaign that it counts for'),
  content({ template, language, campaign, param = [], filename = [] }) {
    refuseRepeated('--param', param);
    refuseRepeated('--filename', filename);
    const lost = filename.find(({ name }) => !param.some((each) => each.name === name));
    if (lost !== undefined) {
      throw usageError(
        `--filename names ${lost.name}, which no --param fills. Add: --param ${lost.name}=URL`,
      );
    }
    const parameters = param.map(({ name, value }) =>
      present({ name, value, filename: filename.find((each) => each.name === name)?.value }),
    );
    return present({
      type: 'template',
      templateName: template,
      language,
      parameters: parameters.length > 0 ? parameters : undefined,
      campaignName: campaign,
    });
  },
});
