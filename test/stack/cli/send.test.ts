import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendText } from '../../../cli/send/send.ts';
import { type Journey, resultsIn, startStackHere } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const customer = '+15555555555';
const canary = '+16315550123';
const escapeByte = '\u001b';

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
}, 2 * patienceMs);

afterAll(() => journey.end());

const linesOf = (stdout: string) => resultsIn(sendText, stdout);

describe('relay send --dry-run', { timeout: patienceMs }, () => {
  it.each<[string, string[], string, object]>([
    ['text', ['--text', 'hello!'], '/send/messages', { message: { text: 'hello!' } }],
    [
      'template',
      asTyped`--template order_ready --language en --param body_1=Ana --filename body_1=a.pdf`,
      '/send/whatsapp_templated_messages',
      {
        templateName: 'order_ready',
        language: 'en',
        parameters: [{ name: 'body_1', value: 'Ana', filename: 'a.pdf' }],
      },
    ],
    [
      'attachment',
      asTyped`--type document --url https://example.com/i.pdf --filename i.pdf`,
      '/send/messages',
      {
        message: {
          attachments: [{ type: 'document', url: 'https://example.com/i.pdf', filename: 'i.pdf' }],
        },
      },
    ],
    [
      'location',
      asTyped`--latitude 49.2827 --longitude -123.1207 --name Shop`,
      '/send/messages',
      { message: { location: { latitude: 49.2827, longitude: -123.1207, name: 'Shop' } } },
    ],
    [
      'list',
      asTyped`--text Pick --button Open --row s1=10:00 --row s2=11:00 --header Booking`,
      '/send/messages',
      {
        message: {
          text: 'Pick',
          listMessage: {
            header: { text: 'Booking' },
            button: { text: 'Open' },
            sections: [
              {
                rows: [
                  { id: 's1', text: '10:00' },
                  { id: 's2', text: '11:00' },
                ],
              },
            ],
          },
        },
      },
    ],
    [
      'buttons',
      asTyped`--text Confirm? --button yes=Yes --footer Soon`,
      '/send/messages',
      {
        message: {
          text: 'Confirm?',
          replyButtonMessage: { footer: { text: 'Soon' }, buttons: [{ id: 'yes', text: 'Yes' }] },
        },
      },
    ],
  ])('shows the request of a %s, and sends nothing', async (kind, options, path, body) => {
    const { exitCode, stdout, stderr } = await journey.relay(
      ...asTyped`send ${kind} --to ${canary}`,
      ...options,
      '--dry-run',
      '--json',
      '--reveal',
    );

    const [dryRun] = linesOf(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(dryRun).toMatchObject({
      step: 'dry-run',
      request: {
        url: `${journey.state.connectlyUrl}/v1/businesses/${journey.state.businessId}${path}`,
        body,
      },
    });
  });

  it('reads a session message from stdin, and needs no stack', async () => {
    const stdin = JSON.stringify({ text: 'hello!', anything: { new: true } });

    const { exitCode, stdout } = await journey.relayWith(
      { stdin },
      ...asTyped`send session - --to ${canary} --dry-run --json --stage nowhere`,
    );

    expect(exitCode).toBe(0);
    expect(linesOf(stdout)[0]).toMatchObject({ message: { message: { anything: { new: true } } } });
  });

  it('shows no full number, and no escape byte', async () => {
    const { stdout, stderr } = await journey.relay(
      ...asTyped`send text --to ${canary} --text`,
      `call ${canary}`,
      '--dry-run',
    );

    expect(stdout).toContain('+1631•••0123');
    for (const unwanted of [canary, canary.slice(1), escapeByte])
      expect(stdout + stderr).not.toContain(unwanted);
  });
});

describe('relay send', { timeout: patienceMs }, () => {
  it('follows a text until it is read', async () => {
    const { exitCode, stdout } = await journey.relay(
      ...asTyped`send text --to ${customer} --text hello! --id followed --follow --limit 30s --json`,
    );

    const steps = linesOf(stdout).map(({ step }) => step);
    expect(exitCode).toBe(0);
    expect(steps.slice(0, 2)).toEqual(['queued', 'accepted']);
    // Statuses come in any order.
    expect(steps).toContain('read');
  });

  it('sends one id once, however often it is queued', async () => {
    const send = ['send', 'text', '--to', customer, '--text', 'once', '--id', 'sent-once', '--follow'];
    await journey.relay(...send, '--until', 'accepted');

    const again = await journey.relay(...send);

    const { accepted } = await journey.seen();
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('duplicate');
    expect(accepted.byCallbackData[JSON.stringify({ relay: { v: 1, id: 'sent-once' } })]).toBe(1);
  });

  it('ends with 5, and says what to do, when Connectly refuses it', async () => {
    const { exitCode, stdout, stderr } = await journey.relay(
      ...asTyped`send text --to ${canary} --text hello! --follow --json`,
    );

    expect(exitCode).toBe(5);
    expect(linesOf(stdout).at(-1)).toMatchObject({
      step: 'refused',
      code: 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION',
      remedy: expect.stringContaining('template'),
    });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { message: expect.stringContaining('relay explain') },
    });
    expect(stdout + stderr).not.toContain(canary);
  });

  it('ends with 6 when no more is known after its limit', async () => {
    const send = ['send', 'template', '--template', 'order_ready', '--language', 'en', '--follow'];
    const unheard = '+16315550177';
    await journey.fake('faults', { kind: 'webhook-drop', times: 'always', match: { recipient: unheard } });
    await journey.relay(...send, '--to', customer, '--until', 'accepted');

    // Long enough for the attempt of a sender that runs already: what stays away is the status.
    const { exitCode, stderr } = await journey.relay(...send, '--to', unheard, '--limit', '5s');

    expect(exitCode).toBe(6);
    expect(stderr).toContain('relay webhook register');
  });

  it('leaves a message that is queued to itself at Ctrl-C, and says so', async () => {
    const following = journey.start(...asTyped`send text --to ${customer} --text alone --follow --limit 1h`);
    await following.says('queued');
    following.ctrlC();

    const { exitCode, stderr } = await following.ended;

    expect(exitCode).toBe(130);
    expect(stderr).toContain('it is queued and will be sent');
  });

  it.each<[string, string[], number, string]>([
    ['an invalid message', asTyped`text --to 555 --text ""`, 3, 'to: must be a phone number'],
    ['no text', ['text', '--to', customer], 2, '--text'],
    ['degrees that are none', asTyped`location --to ${customer} --latitude x --longitude 0`, 2, 'degrees'],
    [
      'a file name without its parameter',
      asTyped`template --to ${customer} --template t --filename x=y`,
      2,
      '--param x=URL',
    ],
    [
      'two values for one place',
      asTyped`template --to ${customer} --template t --param a=1 --param a=2`,
      2,
      '--param gives a more than once',
    ],
    ['a limit that is none', asTyped`text --to ${customer} --text x --follow --limit soon`, 2, '--limit'],
    ['a time that is none', asTyped`text --to ${customer} --text x --expires-in soon`, 2, '--expires-in'],
    ['two expiries', asTyped`text --to ${customer} --text x --expires-in 1h --expires-at y`, 2, 'expires'],
    ['following a dry run', asTyped`text --to ${customer} --text x --dry-run --follow`, 2, '--dry-run'],
    ['callback data that is no JSON', asTyped`text --to ${customer} --text x --callback-data {`, 2, 'JSON'],
  ])('refuses %s before anything is queued', async (_, args, expected, words) => {
    const { exitCode, stdout, stderr } = await journey.relay('send', ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toContain(words);
  });
});
