import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  simulateButton,
  simulateLocation,
  simulateMessage,
  simulateReport,
  simulateStatus,
} from '../../../cli/simulate/simulate.ts';
import { tail } from '../../../cli/tail/tail.ts';
import { verify } from '../../../cli/verify/verify.ts';
import { webhookRegister } from '../../../cli/webhook/register.ts';
import { webhookStatus } from '../../../cli/webhook/status.ts';
import { webhookTest } from '../../../cli/webhook/test.ts';
import { webhookUnregister } from '../../../cli/webhook/unregister.ts';
import { sign } from '../../../lib/webhook/signature.ts';
import { eventually } from '../../support/waiting.ts';
import type { RunningStage } from './running-stage.ts';

const elsewhere = 'https://example.com/another-stage';

/** Asks where Connectly's webhooks go and changes it. What the relay needs comes here when it starts, and when it ends. */
export async function registerWithRelay({ deployment, relay, webhookUrl }: RunningStage): Promise<void> {
  const { report } = deployment;
  const ofReports = ['--topic', 'report'];

  const before = await relay(webhookStatus, ['webhook', 'status']);
  report.equal(
    'relay webhook status tells where each topic points',
    [before.exitCode, before.results[0]?.topics.map(({ topic, points }) => `${topic} ${points}`)],
    [0, ['messages here', 'delivery_status here', 'report nowhere']],
  );
  const same = await relay(webhookRegister, ['webhook', 'register']);
  report.equal(
    'relay webhook register changes nothing that is right',
    [same.exitCode, same.results.map(({ action }) => action)],
    [0, ['unchanged', 'unchanged']],
  );
  const created = await relay(webhookRegister, ['webhook', 'register', ...ofReports, '--address', elsewhere]);
  report.equal(
    '... registers a topic that points nowhere',
    [created.exitCode, created.results.map(({ action, after }) => [action, after])],
    [0, [['created', elsewhere]]],
  );
  const kept = await relay(webhookRegister, ['webhook', 'register', ...ofReports]);
  report.equal(
    '... takes none from another stack',
    [kept.exitCode, kept.error, kept.results],
    [3, 'webhook-elsewhere', []],
  );
  const taken = await relay(webhookRegister, ['webhook', 'register', ...ofReports, '--replace']);
  report.equal(
    '... but with --replace, and says what was there before',
    [taken.exitCode, taken.results.map(({ action, before: from, after }) => [action, from, after])],
    [0, [['updated', elsewhere, webhookUrl]]],
  );
  const removed = await relay(webhookUnregister, ['webhook', 'unregister', ...ofReports, '--yes']);
  report.equal(
    'relay webhook unregister removes it',
    [removed.exitCode, removed.results.map(({ action, before: from }) => [action, from])],
    [0, [['removed', webhookUrl]]],
  );
}

/** Sends webhooks to the deployed address, as Connectly would, and finds them again. */
export async function simulateWithRelay({ deployment, relay }: RunningStage): Promise<void> {
  const { report } = deployment;
  const kinds = [
    [simulateMessage, ['message', '--text', 'hello', '--base64', '--repeat', '2'], [200, 200]],
    [simulateStatus, ['status', '--send-id', 'of-nobody'], [200]],
    [simulateButton, ['button', '--text', 'Yes', '--payload', 'yes'], [200]],
    [simulateLocation, ['location'], [200]],
    [simulateReport, ['report'], [200]],
    [simulateMessage, ['message', '--bad-signature'], [401]],
  ] as const;
  const eventIds: string[] = [];
  for (const [command, words, expected] of kinds) {
    const { exitCode, results } = await relay(command, ['simulate', ...words]);
    report.equal(
      `relay simulate ${words.join(' ')} is answered with ${expected.join(' and ')}`,
      [exitCode, results.map(({ answers }) => answers.map(({ status }) => status))],
      [0, [expected]],
    );
    if (!words.some((word) => word === '--bad-signature'))
      eventIds.push(...results.map(({ eventId }) => eventId));
  }
  const logged = await eventually('The simulated events in the log', async () => {
    const { results } = await relay(tail, ['tail', '--no-follow', '--only', 'webhooks']);
    const queued = results.filter(({ result }) => result === 'queued').map(({ eventId }) => eventId);
    return eventIds.every((id) => queued.includes(id)) ? queued : undefined;
  });
  report.holds('relay tail shows each of them as queued', logged.length >= eventIds.length);
  const trip = await relay(webhookTest, ['webhook', 'test']);
  report.equal(
    'relay webhook test finds its event behind the public address',
    [trip.exitCode, trip.error, trip.results.length],
    [0, undefined, 1],
  );
}

/** Has a signature explained with the secret that the stage has. */
export async function verifyWithRelay({ deployment, relay, credentials }: RunningStage): Promise<void> {
  const { report, folder } = deployment;
  const file = join(folder, 'body.json');
  const body = '{"topic":"messages"}';
  await writeFile(file, body);
  const signed = await relay(verify, ['verify', file, '--signature', sign(body, credentials.webhookSecret)]);
  report.equal(
    'relay verify finds a signature right by the secret of the stage',
    [signed.exitCode, signed.results[0]?.valid],
    [0, true],
  );
  const forged = await relay(verify, ['verify', file, '--signature', sign(body, 'another secret')]);
  report.equal(
    '... and a forged one wrong',
    [forged.exitCode, forged.error, forged.results[0]?.valid],
    [3, 'signature-wrong', false],
  );
}
