import { describe, expect, test } from 'vitest';
import { businessNumber, customer, fakeForEachTest, type RunningFake } from './running-fake.ts';

let running: RunningFake;
fakeForEachTest((started) => (running = started));

const template = { number: customer, templateName: 'order_ready', language: 'en' };
const badInput = 'MESSAGE_TEMPLATE_INPUT_INVALID';
const send = (body: unknown) => running.vendor('POST', '/send/whatsapp_templated_messages', body);

describe('accepted, with a closed window', () => {
  test.each([
    ['a template', template],
    [
      'no language and free parameter names, as the oldest sample has it',
      { number: customer, templateName: 'a', parameters: [{ name: 'var1', value: 'x' }] },
    ],
    ['a sender as a string', { ...template, sender: businessNumber }],
    ['a BSUID behind its prefix', { ...template, number: 'bsuid:US.13491208655302741918' }],
    ['an empty list of parameters', { ...template, parameters: [] }],
    ['an empty value', { ...template, parameters: [{ name: 'body_1', value: '' }] }],
    [
      'a document with its name',
      {
        ...template,
        parameters: [{ name: 'header_document', value: 'https://x.example', filename: 'a.pdf' }],
      },
    ],
    ['callbackData that is null', { ...template, callbackData: null }],
  ])('%s', async (_, body) => {
    const reply = await send(body);

    expect(reply.json).toEqual({ id: expect.stringMatching(/^[0-9A-Z]{26}$/) });
    expect(reply.status).toBe(201);
  });

  test('with 200, when told so', async () => {
    running.fake.configure({ acceptStatus: 200 });

    const reply = await send(template);

    expect(reply.status).toBe(200);
  });
});

describe('refused', () => {
  test.each([
    ['a sender as an object', { ...template, sender: { id: businessNumber } }, 'UNSPECIFIED'],
    ['a sender that is no number', { ...template, sender: '6044' }, 'INVALID_SENDER_ID'],
    ['a bare BSUID', { ...template, number: 'US.13491208655302741918' }, 'PHONE_NUMBER_BAD_FORMAT'],
    ['a prefix without a BSUID', { ...template, number: 'bsuid:+15555555555' }, 'PHONE_NUMBER_BAD_FORMAT'],
    ['a number without +', { ...template, number: '15555555555' }, 'PHONE_NUMBER_BAD_FORMAT'],
    ['no number', { templateName: 'a' }, 'UNSPECIFIED'],
    ['no template', { number: customer }, 'UNSPECIFIED'],
    ['parameters as an object', { ...template, parameters: { body_1: 'x' } }, badInput],
    ['a parameter without name', { ...template, parameters: [{ value: 'x' }] }, badInput],
    ['a parameter without value', { ...template, parameters: [{ name: 'x' }] }, badInput],
    ['a value that is a number', { ...template, parameters: [{ name: 'x', value: 1 }] }, badInput],
    ['oneself', { ...template, sender: customer }, 'MESSAGE_SELF_INVALID'],
    ['callbackData of 1025 bytes', { ...template, callbackData: 'a'.repeat(1023) }, 'UNSPECIFIED'],
  ])('%s', async (_, body, expected) => {
    const reply = await send(body);

    expect(reply.status).toBe(400);
    expect(reply.json.code).toBe(`ERROR_CODE_${expected}`);
  });

  test('a template that is configured not to exist', async () => {
    running.fake.configure({ missingTemplates: ['order_ready'] });

    const reply = await send(template);

    expect(reply.json.code).toBe('ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND');
  });

  test('a customer who has opted out of templates, who still gets session messages', async () => {
    running.fake.configure({ optedOut: [customer] });
    running.fake.setWindow({ customer });

    const templated = await send(template);
    const text = await running.sendText();

    expect(templated.json.code).toBe('ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT');
    expect(text.status).toBe(201);
  });
});
