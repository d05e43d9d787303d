import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretsRotate } from '../../../cli/secrets/rotate.ts';
import { secretsSet } from '../../../cli/secrets/set.ts';
import { secretsStatus } from '../../../cli/secrets/status.ts';
import { sendTemplate } from '../../../cli/send/send.ts';
import { tail } from '../../../cli/tail/tail.ts';
import { eventually } from '../../support/waiting.ts';
import type { RunningStage } from './running-stage.ts';

/** So long the old webhook secret must have been out of use, in seconds. */
const unusedSeconds = 12;

/** Replaces the API key, under a function that has the old one in its cache. */
export async function replaceKeyWithRelay({
  deployment,
  relay,
  connectly,
  credentials,
}: RunningStage): Promise<void> {
  const { report } = deployment;
  const status = await relay(secretsStatus, ['secrets', 'status']);
  report.equal(
    'relay secrets status tells that both are set',
    [status.exitCode, status.results[0]?.secrets.map(({ state }) => state)],
    [0, ['set', 'set']],
  );
  const wrong = await relay(secretsSet, ['secrets', 'set', 'api-key', '--yes'], { input: 'no-such-key\n' });
  report.equal(
    'relay secrets set stores no key that Connectly refuses',
    [wrong.exitCode, wrong.results],
    [4, []],
  );
  const other = { input: `${randomBytes(32).toString('hex')}\n` };
  const unasked = await relay(secretsSet, ['secrets', 'set', 'webhook-secrets'], other);
  report.equal(
    '... and replaces none that still works unasked',
    [unasked.exitCode, unasked.results],
    [2, []],
  );
  const input = `${credentials.apiKey}\n`;
  const stored = await relay(secretsSet, ['secrets', 'set', 'api-key', '--yes'], { input });
  report.equal(
    '... and stores one that Connectly takes',
    [stored.exitCode, stored.results.map(({ action, checked }) => [action, checked])],
    [0, [['replaced', true]]],
  );

  const apiKey = randomBytes(32).toString('hex');
  connectly.setSecrets({ apiKey });
  const rotated = await relay(secretsRotate, ['secrets', 'rotate', 'api-key'], { input: `${apiKey}\n` });
  report.equal(
    'relay secrets rotate api-key stores the new one',
    [rotated.exitCode, rotated.results.map(({ action }) => action)],
    [0, ['replaced']],
  );
  const message = ['--to', '+15550000103', '--template', 'order_ready'];
  const sent = await relay(sendTemplate, ['send', 'template', ...message, '--follow', '--until', 'accepted']);
  report.equal(
    '... and the function that knew the old one sends with it',
    [sent.exitCode, sent.results.at(-1)?.step],
    [0, 'accepted'],
  );
}

/** A rotation of the webhook secret that has begun. */
export interface BegunRotation {
  readonly newSecret: string;
  /** Epoch milliseconds. */
  readonly begunAt: number;
}

/** Adds a second webhook secret. Connectly goes on with the old one. */
export async function beginRotationWithRelay({ deployment, relay }: RunningStage): Promise<BegunRotation> {
  const { report } = deployment;
  const newSecret = randomBytes(32).toString('hex');
  const words = ['secrets', 'rotate', 'webhook-secrets'];
  const early = await relay(secretsRotate, [...words, '--finish']);
  report.equal(
    'relay secrets rotate --finish refuses what was not begun',
    [early.exitCode, early.error],
    [3, 'no-rotation-under-way'],
  );
  const added = await relay(secretsRotate, words, { input: `${newSecret}\n` });
  const status = await relay(secretsStatus, ['secrets', 'status']);
  report.equal(
    'relay secrets rotate adds a second webhook secret',
    [added.exitCode, added.results[0]?.action, status.results[0]?.secrets[0]?.live],
    [0, 'added', 2],
  );
  const young = await relay(secretsRotate, [...words, '--finish']);
  report.equal(
    '... which cannot be the only one at once',
    [young.exitCode, young.error],
    [3, 'rotation-too-young'],
  );
  return { newSecret, begunAt: Date.now() };
}

/** Removes the old webhook secret: not while Connectly signs with it. */
export async function finishRotationWithRelay(
  stage: RunningStage,
  { newSecret, begunAt }: BegunRotation,
): Promise<void> {
  const { deployment, relay, connectly } = stage;
  const { report } = deployment;
  const finish = ['secrets', 'rotate', 'webhook-secrets', '--finish', '--unused-for', String(unusedSeconds)];
  await until(begunAt + (unusedSeconds + 1) * 1000);

  const oldSeenAt = await webhookSeen(stage, '+15550000104');
  const refused = await relay(secretsRotate, finish);
  report.equal(
    '... nor while events come that were signed with the old one',
    [refused.exitCode, refused.error],
    [3, 'old-secret-in-use'],
  );
  connectly.setSecrets({ webhookSecret: newSecret });
  await until(oldSeenAt + (unusedSeconds + 1) * 1000);
  await webhookSeen(stage, '+15550000105');
  const finished = await relay(secretsRotate, finish);
  const status = await relay(secretsStatus, ['secrets', 'status']);
  report.equal(
    '... and is once they are signed with the new one',
    [finished.exitCode, finished.results[0]?.action, status.results[0]?.secrets[0]?.live],
    [0, 'finished', 1],
  );
}

/** A customer writes. Resolves once the function's log has the event, to when that was. */
async function webhookSeen({ relay, connectly }: RunningStage, from: string): Promise<number> {
  const id = Object(JSON.parse(connectly.inbound({ from }).body)).message.id;
  await eventually(`The event of ${from} in the log`, async () => {
    const { results } = await relay(tail, ['tail', '--no-follow', '--only', 'webhooks', '--since', '1m']);
    return results.find(({ eventId, result }) => eventId === id && result === 'queued');
  });
  return Date.now();
}

async function until(time: number): Promise<void> {
  await sleep(Math.max(0, time - Date.now()));
}
