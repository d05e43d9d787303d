import { defineSend } from './send-command.ts';
import { textArgument } from './text-argument.ts';

/** `relay send text` */
export const sendText = defineSend<{ readonly text: string }>({
  examples: [
    'send text --to +15555555555 --text "hello!"',
    'send text --to +15555555555 --text "hello!" --id order-42-ready --follow',
    'send text --to +15555555555 --text - --stage prod < text.txt',
  ],
  define: (command) => command.requiredOption('--text <text>', 'what to write; - for stdin'),
  content: async ({ text }, source) => ({ type: 'text', text: await textArgument(text, source) }),
});
