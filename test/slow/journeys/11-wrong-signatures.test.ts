import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../cli/verify/verify.ts';
import { sign } from '../../../lib/webhook/signature.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { patienceMs } from '../../support/waiting.ts';

const secret = 'local-webhook-secret';
const body = '{"message":{"text":"canary text"}}';
const right = sign(body, secret);

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
  const { project } = journey;
  await project.write('body.json', body);
  await project.write('pretty.json', JSON.stringify(JSON.parse(body), undefined, 2));
  await project.write('echo.json', `${body}\n`);
  await project.write('base64.txt', Buffer.from(body).toString('base64'));
}, patienceMs);

afterAll(() => journey.end());

describe('a signature that does not hold', { timeout: patienceMs }, () => {
  it.each([
    ['a body that a JSON parser has written again', 'pretty.json', right, 'body-reserialised'],
    ['a line feed that echo has added', 'echo.json', right, 'trailing-newline'],
    ['a body that is still in base64', 'base64.txt', right, 'base64-body'],
    ["another stage's secret", 'body.json', sign(body, 'another'), 'wrong-secret'],
    [
      'a signature in hexadecimal',
      'body.json',
      Buffer.from(right, 'base64').toString('hex'),
      'hex-signature',
    ],
    ['a signature without its padding', 'body.json', right.replace('=', ''), 'url-safe-or-unpadded'],
  ])('is explained by %s, with a remedy', async (_, file, header, cause) => {
    const { exitCode, stdout, stderr } = await journey.relay('verify', file, '--signature', header, '--json');

    const { valid, causes } = verify.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(valid).toBe(false);
    expect(causes[0]).toMatchObject({ cause, remedy: expect.stringMatching(/./) });
    for (const canary of [secret, 'canary']) expect(stdout + stderr).not.toContain(canary);
  });

  it('holds for the bytes as they came', async () => {
    const { exitCode } = await journey.relay('verify', 'body.json', '--signature', right);

    expect(exitCode).toBe(0);
  });
});
