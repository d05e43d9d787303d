import { readExactJson } from './exact-json.ts';
import { defineSend } from './send-command.ts';

/** `relay send session` */
export const sendSession = defineSend({
  examples: [
    'send session message.json --to +15555555555',
    'send session - --to +15555555555 --dry-run < message.json',
  ],
  define: (command) =>
    command.argument('<file>', "Connectly's own message object, whatever is in it; - for stdin"),
  async content(_options, { operands: [file = '-'], readInput }) {
    const text = (await readInput(file)).toString('utf8');
    return { type: 'session', message: readExactJson(text, file === '-' ? 'stdin' : `The file ${file}`) };
  },
});
