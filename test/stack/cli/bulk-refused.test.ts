import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bulk } from '../../../cli/bulk/bulk.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { listen } from '../../support/listen.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

let journey: Journey;
let server: Server;
/** How many batches are still to lose their last message, which SQS refuses then. */
let refusals = 0;

const batchSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) });

beforeAll(async () => {
  journey = await startStackHere();
  server = createServer((request, response) => {
    void (async () => {
      const operation = String(request.headers['x-amz-target']);
      const body = await buffer(request);
      const refuses = operation === 'AmazonSQS.SendMessageBatch' && refusals > 0;
      if (refuses) refusals -= 1;
      const { Entries: entries = [], ...rest } = refuses
        ? batchSchema.parse(JSON.parse(body.toString()))
        : {};
      const refused = entries.pop();
      const answer = await fetch(journey.state.awsUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': operation },
        body: refused === undefined ? body : JSON.stringify({ ...rest, Entries: entries }),
      });
      const told: unknown = await answer.json();
      const failed = [{ Id: refused?.Id, Code: 'InvalidMessageContents', SenderFault: true }];
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(refused === undefined ? told : { ...Object(told), Failed: failed }));
    })();
  });
  const state: unknown = JSON.parse(await journey.project.read('.relay/local.json'));
  const awsUrl = `http://127.0.0.1:${await listen(server)}`;
  await journey.project.write('.relay/local.json', JSON.stringify({ ...Object(state), awsUrl }));
}, 2 * patienceMs);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await journey.end();
});

async function queueEmptied(): Promise<void> {
  await eventually('an empty sends queue', async () => {
    const { Attributes: counts } = await journey.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: journey.state.outputs['SendsQueueUrl'],
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(counts ?? {}).every((count) => count === '0');
  });
}

describe('A row that SQS refuses', { timeout: 2 * patienceMs }, () => {
  it('is sent once, whether the file of failed rows is given first or --resume', async () => {
    const recipients = ['+16315570001', '+16315570002', '+16315570003'];
    await journey.project.write('st.csv', `to,body_1\n${recipients.map((to) => `${to},Ana\n`).join('')}`);
    const path = journey.project.path('st.csv');
    refusals = 1;

    const first = await journey.relay('bulk', path, '--template', 'order_ready', '--json');
    const failed = await journey.project.read('st.failed.csv');
    await journey.project.write('by-hand.csv', failed);
    const copy = journey.project.path('by-hand.csv');
    const rest = await journey.relay('bulk', path, '--resume', '--json');
    // What comes while its twin is being sent would wait for the end of that one's lease.
    await queueEmptied();
    const byHand = await journey.relay('bulk', copy, '--template', 'order_ready', '--json');

    expect([first, rest, byHand].map(({ exitCode }) => exitCode)).toEqual([6, 0, 0]);
    expect(JSON.parse(first.stderr).error.message).toMatch(
      /^SQS refused 1 of 3 rows. Try them again: npx relay bulk \S+st.csv --resume --local$/,
    );
    expect(failed).toMatch(
      /^to,body_1,id,error\n\+16315570003,Ana,bulk-\w{32},refused by SQS: InvalidMessageContents\n$/,
    );
    const results = [first, rest, byHand].map(({ stdout }) => bulk.result.parse(JSON.parse(stdout)));
    expect(results.map(({ queued }) => queued)).toEqual([2, 1, 1]);
    // Once nothing of it is left, the file goes that would send it again.
    const files = await readdir(journey.project.root);
    expect(files.filter((name) => name.startsWith('st'))).toEqual(['st.csv', 'st.csv.ledger']);

    await queueEmptied();
    const accepted = (await journey.seen()).accepted.newest.map(({ recipient }) => recipient);
    expect(accepted.toSorted()).toEqual(recipients);
  });
});
