import { Option } from 'commander';
import { present } from './message-options.ts';
import { defineSend } from './send-command.ts';

interface AttachmentOptions {
  readonly type: string;
  readonly url: string;
  readonly caption?: string;
  readonly filename?: string;
}

/** `relay send attachment` */
export const sendAttachment = defineSend<AttachmentOptions>({
  examples: [
    'send attachment --to +15555555555 --type document --url https://example.com/invoice.pdf --filename invoice.pdf',
    'send attachment --to +15555555555 --type image --url https://example.com/shop.png --caption "Our shop"',
  ],
  define: (command) =>
    command
      .addOption(
        new Option('--type <type>', 'what it is')
          .choices(['image', 'video', 'audio', 'document'])
          .makeOptionMandatory(),
      )
      .requiredOption('--url <url>', 'where Connectly fetches it: a public http or https address')
      .option('--caption <text>', 'what stands below it')
      .option('--filename <name>', 'the name that a document is shown by'),
  content: ({ type, url, caption, filename }) => ({
    type: 'session',
    message: { attachments: [present({ type, url, caption, filename })] },
  }),
});
