import { SQS } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLegalText } from '../../../../../local/aws/sqs/characters.ts';
import { clientSettings } from '../../../../support/client-settings.ts';
import { type SqsEmulator, startSqsEmulator } from '../../../../support/sqs-emulator.ts';
import { createSqsInProcess } from '../../../../support/sqs-in-process.ts';

/** AWS's list, written out a second time: #x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF. */
const isOnList = (codePoint: number): boolean =>
  codePoint === 0x9 ||
  codePoint === 0xa ||
  codePoint === 0xd ||
  (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
  (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
  (codePoint >= 0x10000 && codePoint <= 0x10ffff);

const everyCodePoint = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint);

let emulator: SqsEmulator;
let client: SQS;
let QueueUrl = '';
beforeAll(async () => {
  emulator = await startSqsEmulator();
  client = new SQS(clientSettings(emulator.endpoint.url, 'eu-central-1'));
  ({ QueueUrl = '' } = await client.createQueue({ QueueName: 'characters' }));
});
afterAll(async () => {
  client.destroy();
  await emulator.endpoint.close();
});

test('every code point is legal exactly when it is on the list, alone and inside of text', () => {
  const wrong = everyCodePoint.filter((codePoint) => {
    const text = String.fromCodePoint(codePoint);
    return isLegalText(text) !== isOnList(codePoint) || isLegalText(`a${text} b`) !== isOnList(codePoint);
  });

  expect(wrong).toEqual([]);
});

test('every legal code point survives the queue', async () => {
  const legal = everyCodePoint.filter(isOnList);
  // At most four bytes each, so that a body stays below 1 MiB.
  const size = 200_000;
  const bodies: string[] = [];
  for (let start = 0; start < legal.length; start += size)
    bodies.push(
      legal
        .slice(start, start + size)
        .map((codePoint) => String.fromCodePoint(codePoint))
        .join(''),
    );

  const returned: (string | undefined)[] = [];
  for (const MessageBody of bodies) {
    await client.sendMessage({ QueueUrl, MessageBody });
    const { Messages = [] } = await client.receiveMessage({ QueueUrl });
    returned.push(...Messages.map(({ Body }) => Body));
  }

  expect(returned.every((body, i) => body === bodies[i])).toBe(true);
  expect(returned).toHaveLength(bodies.length);
});

test('every illegal code point is refused in a body, lone surrogates too', async () => {
  const illegal = everyCodePoint.filter((codePoint) => !isOnList(codePoint));
  const emulatorInProcess = createSqsInProcess();
  const url = await emulatorInProcess.createQueue('characters');

  const codes = await Promise.all(
    illegal.map((codePoint) =>
      emulatorInProcess
        .call('SendMessage', { QueueUrl: url, MessageBody: `a${String.fromCodePoint(codePoint)}` })
        .then(
          () => 'accepted',
          (error: unknown) => (error instanceof Error ? error.name : 'no error'),
        ),
    ),
  );

  // 29 controls, 2,048 surrogates, U+FFFE and U+FFFF.
  expect(illegal).toHaveLength(29 + 2_048 + 2);
  expect(new Set(codes)).toEqual(new Set(['com.amazonaws.sqs#InvalidMessageContents']));
});

test('any text is refused or comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
      const isLegal = Array.from(text).every((character) => isOnList(character.codePointAt(0) ?? 0));

      const sent = await client.sendMessage({ QueueUrl, MessageBody: text }).catch(() => undefined);

      expect(sent !== undefined).toBe(isLegal);
      if (sent === undefined) return;
      const { Messages = [] } = await client.receiveMessage({ QueueUrl });
      expect(Messages.map(({ Body }) => Body)).toEqual([text]);
    }),
    { numRuns: 200 },
  );
});
