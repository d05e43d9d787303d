import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bulk } from '../../../cli/bulk/bulk.ts';
import { dlqPurge } from '../../../cli/dlq/purge.ts';
import {
  sendAttachment,
  sendButtons,
  sendList,
  sendLocation,
  sendSession,
  sendText,
} from '../../../cli/send/send.ts';
import { tail } from '../../../cli/tail/tail.ts';
import { eventually } from '../../support/waiting.ts';
import type { RunningStage } from './running-stage.ts';

/** Sends messages with the command line, and follows them to Connectly and back. The sends DLQ is empty when it ends. */
export async function followWithRelay({ deployment, relay, connectly }: RunningStage): Promise<void> {
  const { report } = deployment;
  const [known, stranger] = ['+15550000101', '+15550000102'];
  // Far apart: webhooks at once may be handled in any order.
  connectly.configure({ statusDelaysMs: { sent: 100, delivered: 1_000, read: 2_000 } });
  connectly.setWindow({ customer: known, state: 'open' });

  const read = await relay(sendText, ['send', 'text', '--to', known, '--text', 'hello!', '--follow']);
  const steps = read.results.map(({ step }) => step);
  report.equal(
    'relay send text --follow shows a message on its way, until it is read',
    [read.exitCode, steps.slice(0, 2), steps.at(-1)],
    [0, ['queued', 'accepted'], 'read'],
  );
  const kinds = [
    [sendAttachment, ['attachment', '--type', 'image', '--url', 'https://example.com/menu.png']],
    [sendLocation, ['location', '--latitude', '49.2827', '--longitude', '-123.1207']],
    [sendList, ['list', '--text', 'When?', '--button', 'Choose', '--row', 's1=10:00']],
    [sendButtons, ['buttons', '--text', 'Confirm?', '--button', 'yes=Yes']],
  ] as const;
  const before = connectly.state(0).accepted.byRecipient[known] ?? 0;
  for (const [command, words] of kinds) {
    const { exitCode, results } = await relay(command, ['send', ...words, '--to', known]);
    report.equal(
      `relay send ${words[0]} queues one`,
      [exitCode, results.map(({ step }) => step)],
      [0, ['queued']],
    );
  }
  await eventually('The four kinds at Connectly', () =>
    connectly.state(0).accepted.byRecipient[known] === before + kinds.length ? true : undefined,
  );
  report.holds('... and Connectly accepts all four', true);
  const input = JSON.stringify({
    attachments: [{ type: 'document', url: 'https://example.com/invoice.pdf', filename: 'invoice.pdf' }],
  });
  const session = ['send', 'session', '-', '--to', known, '--follow', '--until', 'accepted'];
  const accepted = await relay(sendSession, session, { input });
  report.equal(
    'relay send session --until accepted ends with that',
    [accepted.exitCode, accepted.results.map(({ step }) => step)],
    [0, ['queued', 'accepted']],
  );
  const toStranger = ['send', 'text', '--to', stranger, '--text', 'hello?', '--id', 'to-a-stranger'];
  const refused = await relay(sendText, [...toStranger, '--follow']);
  report.equal(
    '... and ends with 5 and the code of Connectly when that refuses a message',
    [refused.exitCode, refused.error, refused.results.map(({ step }) => step)],
    [5, 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION', ['queued', 'refused']],
  );
  const activities = await relay(tail, ['tail', '--no-follow', '--only', 'failures']);
  report.equal(
    'relay tail finds that attempt among the lines of the function',
    [
      activities.exitCode,
      activities.results.some(
        ({ function: name, code }) => name === 'send-message' && code === refused.error,
      ),
    ],
    [0, true],
  );
  const purged = await relay(dlqPurge, ['dlq', 'purge', '--id', 'to-a-stranger', '--yes']);
  report.equal(
    'relay dlq purge deletes it by its id',
    [purged.exitCode, purged.results],
    [0, [{ removed: { ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION: 1 }, kept: 0 }]],
  );
}

/** Queues a file, interrupts that, and goes on. */
export async function queueFileWithRelay({ deployment, relay, connectly }: RunningStage): Promise<void> {
  const { report, folder } = deployment;
  const recipients = Array.from({ length: 60 }, (_, index) => `+1555000${String(2000 + index)}`);
  const file = join(folder, 'customers.csv');
  await writeFile(file, `to,body_1\n${recipients.map((to) => `${to},Ana\n`).join('')}`);
  const words = ['bulk', file, '--template', 'order_ready', '--language', 'en'];

  const dry = await relay(bulk, [...words, '--dry-run']);
  report.equal(
    'relay bulk --dry-run checks a file and queues nothing',
    [dry.exitCode, dry.results[0]?.rows, dry.results[0]?.queued, dry.results[0]?.left],
    [0, recipients.length, 0, recipients.length],
  );
  // A batch of ten each half second.
  const first = await relay(bulk, [...words, '--rate', '20'], {
    interruptAfter: eventually('The first batch in the ledger', async () => {
      const ledger = await readFile(`${file}.ledger`, 'utf8').catch(() => '');
      return ledger.includes('queued') ? true : undefined;
    }).then(() => {}),
  });
  const [begun] = first.results;
  report.equal('relay bulk ends with 130 at Ctrl-C', [first.exitCode, first.error], [130, 'interrupted']);
  report.holds(
    '... and has queued a part of the file',
    begun !== undefined && begun.queued > 0 && begun.left > 0,
    JSON.stringify(begun),
  );
  const again = await relay(bulk, words);
  report.equal(
    '... begins it no second time',
    [again.exitCode, again.error, again.results],
    [3, 'begun-already', []],
  );
  const rest = await relay(bulk, [...words, '--resume']);
  const [finished] = rest.results;
  report.equal(
    '... and queues the rest with --resume',
    [rest.exitCode, finished?.queuedBefore, finished?.left],
    [0, begun?.queued, 0],
  );
  const counts = await eventually('Every row at Connectly', () => {
    const { byRecipient } = connectly.state(0).accepted;
    const own = recipients.map((to) => byRecipient[to] ?? 0);
    return own.includes(0) ? undefined : own;
  });
  report.equal('Connectly has accepted each row once', new Set(counts), new Set([1]));
}
