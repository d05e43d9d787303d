// Runs the commands that `npm start` prints, as a person would paste them, with the AWS CLI: a client that nobody here
// wrote. Needs `aws`, `curl` and `bash`. Ends with 1 when one of them does not do what it is printed for.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);

const stateSchema = z.object({
  accepted: z.object({ byRecipient: z.record(z.string(), z.number()), count: z.number() }),
});
const messagesSchema = z.object({ Messages: z.array(z.object({ Body: z.string() })) });
const envelopeSchema = z.object({ topic: z.string(), event: z.unknown() });

const relay = spawn(process.execPath, ['cli/relay.mjs', 'dev'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const printed = await readUntilReady();
  const commands = printed
    .map((line) => line.trim())
    .filter((line) => /^(curl|AWS_ACCESS_KEY_ID)/.test(line));
  const [webhook = '', text = '', template = '', receive = '', receiveDlq = '', inbound = '', fault = ''] =
    commands;
  check(commands.length === 7, 'seven commands are printed');

  const answer = await bash(webhook);
  check(answer.startsWith('HTTP/1.1 200'), 'the printed curl is answered 200');

  check((await bash(text)).includes('MessageId'), 'the AWS CLI puts the text on the sends queue');
  check((await bash(template)).includes('MessageId'), 'the AWS CLI puts the template on the sends queue');
  const connectlyUrl = printed.join('\n').match(/Fake Connectly\s+(http:\S+)/)?.[1] ?? '';
  const accepted = await acceptedBy(connectlyUrl, 2);
  check(accepted === 2, 'the fake Connectly accepts both');

  const { Messages: messages } = messagesSchema.parse(JSON.parse(await bash(receive)));
  const envelopes = messages.map(({ Body }) => envelopeSchema.parse(JSON.parse(Body)));
  const wrote = envelopes.some(({ event }) => JSON.stringify(event).includes('TEST 11'));
  check(wrote, 'the AWS CLI reads the webhook from the events queue');

  check((await bash(inbound)).includes('webhook'), 'another customer writes');
  check((await bash(fault)).includes('id'), 'the fake Connectly takes a fault');
  const again = text.replaceAll('+15555555555', '+16315555500');
  check(
    (await bash(again)).includes('MessageId'),
    'the AWS CLI puts a text to that customer on the sends queue',
  );
  check((await acceptedBy(connectlyUrl, 3)) === 3, 'the fake Connectly accepts it after two times 429');

  const nothing = await bash(receiveDlq);
  check(nothing === '', 'the AWS CLI finds the sends DLQ empty');
  process.stdout.write(`${commands.length} printed commands work with the AWS CLI\n`);
} finally {
  relay.kill('SIGINT');
  await once(relay, 'exit');
}

async function readUntilReady(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: relay.stdout })) {
    lines.push(line);
    if (line.includes('Ready after')) return lines;
  }
  throw new Error('The stack ended before it was ready.');
}

async function bash(command: string): Promise<string> {
  return (await run('bash', ['-c', command])).stdout;
}

async function acceptedBy(connectlyUrl: string, wanted: number): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(`${connectlyUrl}/_fake/state`);
    const { count } = stateSchema.parse(await response.json()).accepted;
    if (count >= wanted || attempt === 100) return count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not so: ${what}.`);
  process.stdout.write(`ok  ${what}\n`);
}
