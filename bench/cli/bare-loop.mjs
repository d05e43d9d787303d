// What `relay bulk` is measured against: the least that queues a file, with batches of ten and nothing else.
// Arguments: the endpoint, the queue, the file with one message on each line.
import { readFile } from 'node:fs/promises';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

const [endpoint = '', QueueUrl = '', file = ''] = process.argv.slice(2);
const client = new SQSClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const lines = (await readFile(file, 'utf8')).trim().split('\n');
for (let start = 0; start < lines.length; start += 10) {
  const batch = lines.slice(start, start + 10);
  await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: batch.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );
}
client.destroy();
