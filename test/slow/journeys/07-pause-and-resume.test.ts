import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pause } from '../../../cli/pause/pause.ts';
import { resume } from '../../../cli/resume/resume.ts';
import { clientSettings } from '../../support/client-settings.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const count = 50;
const recipients = Array.from({ length: count }, (_, index) => `+1555123${String(index).padStart(4, '0')}`);

let journey: Journey;
let lambda: LambdaClient;

beforeAll(async () => {
  journey = await startJourney();
  lambda = new LambdaClient(clientSettings(journey.state.awsUrl, 'us-east-1'));
}, patienceMs);

afterAll(async () => {
  lambda.destroy();
  await journey.end();
});

/** Who got what was accepted, one entry for each message. */
async function acceptedRecipients(): Promise<string[]> {
  const { accepted } = await journey.seen();
  return accepted.newest.map(({ recipient }) => recipient);
}

async function stateOfSender(): Promise<string | undefined> {
  const mappings = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: journey.state.outputs['SendsQueueArn'] }),
  );
  return mappings.EventSourceMappings?.[0]?.State;
}

describe('a pause', { timeout: 2 * patienceMs }, () => {
  it('stops sending, and says what to type to go on', async () => {
    const { exitCode, stdout, stderr } = await journey.relay('pause');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('Sending is paused, and nothing is with the sender.');
    expect(stderr).toContain('relay resume --local');
    expect(stdout).not.toContain('\u001b');
  });

  it('holds 50 messages, and a second pause says how many and until when they live', async () => {
    const rows = recipients.map((to, index) => `${to},template,order_ready,order-${index}`);
    await journey.project.write('orders.csv', ['to,type,templateName,id', ...rows].join('\n'));
    const queued = await journey.relay('bulk', 'orders.csv', '--quiet');

    const { exitCode, stdout, stderr } = await journey.relay('pause', '--json');

    const screen = await journey.relay('status');
    const result = pause.result.parse(JSON.parse(stdout));
    expect(queued.exitCode).toBe(0);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(screen.stdout).toMatch(/^Sending {3}paused$/m);
    expect(screen.stdout).toMatch(new RegExp(`^sends +${count} `, 'm'));
    expect(result).toMatchObject({
      sending: 'paused',
      changed: false,
      idle: true,
      waiting: count,
      outOfSight: 0,
      defaultLifeSeconds: 4 * 60 * 60,
    });
    expect(await acceptedRecipients()).toEqual([]);
  });

  it('ends with resume: all 50 are accepted, each once', async () => {
    const { exitCode, stdout } = await journey.relay('resume', '--json');

    await eventually('50 messages', async () => (await acceptedRecipients()).length >= count);
    const again = await journey.relay('resume');
    expect(exitCode).toBe(0);
    expect(resume.result.parse(JSON.parse(stdout))).toMatchObject({ sending: 'on', changed: true });
    expect((await acceptedRecipients()).toSorted()).toEqual(recipients);
    expect(again.stdout).toContain('Sending was on already');
  });
});

/** How many faults have not struck yet. */
async function waitingFaults(): Promise<number> {
  return z.object({ faults: z.array(z.unknown()) }).parse(await journey.fake('faults')).faults.length;
}

describe('Ctrl-C', { timeout: patienceMs }, () => {
  it('ends a pause that is under way with 130, and the command that takes it back', async () => {
    // A message that waits for another try keeps the pause waiting for the sender.
    await journey.fake('faults', { kind: 'answer', status: 429, retryAfter: 600, times: 1 });
    await journey.enqueue([{ type: 'template', to: '+15551239999', templateName: 'order_ready' }]);
    await eventually('the 429', async () => (await waitingFaults()) === 0);
    const pausing = journey.start('pause');
    await eventually('that AWS has carried it out', async () => (await stateOfSender()) === 'Disabled');

    pausing.ctrlC();
    const { exitCode, stdout, stderr } = await pausing.ended;

    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(stderr).toContain('relay resume --local');
  });
});
