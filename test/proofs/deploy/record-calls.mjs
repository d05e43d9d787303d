// Loaded into a command before its own code (`node --import`): writes down what the command asks AWS for, one JSON line
// for each call, into the file that RECORDED_CALLS names. So the permissions that a command needs are seen, not remembered.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import process from 'node:process';

const { Client } = createRequire(import.meta.url)('@smithy/core/client');
const file = process.env['RECORDED_CALLS'] ?? '';
const { send } = Client.prototype;

Client.prototype.send = function sendAndRecord(
  /** @type {{ input: object }} */ command,
  /** @type {unknown[]} */ ...rest
) {
  const call = {
    words: [basename(process.argv[1] ?? '', '.mjs'), ...process.argv.slice(2)],
    service: this.config.serviceId,
    command: command.constructor.name,
    input: Object.fromEntries(
      Object.entries(command.input)
        .filter(([name]) => names.test(name))
        .map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    ),
  };
  appendFileSync(file, `${JSON.stringify(call)}\n`);
  return send.call(this, command, ...rest);
};

/** What says which resource is meant, the first of many. The rest is none of the permissions' business. */
const names = /(Names?|Url|Arn|Id|UUID|Bucket|Key)$/;
