import { describe, expect, it } from 'vitest';
import { toSendRequest } from '../../../lib/connectly/requests.ts';
import type { Message } from '../../../lib/message/message.ts';

const text: Message = { type: 'text', to: '+15555555555', text: 'hello!' };
const template: Message = { type: 'template', to: '+15555555555', templateName: 'order_ready' };

describe('a request for a text', () => {
  it('holds the recipient and the text, and nothing that the producer left out', () => {
    const request = toSendRequest(text, undefined);

    expect(request).toEqual({
      path: '/send/messages',
      body: { recipient: { id: '+15555555555', channelType: 'whatsapp' }, message: { text: 'hello!' } },
    });
  });

  it('names the sender as an object, on the same channel as the recipient', () => {
    const { body } = toSendRequest({ ...text, from: '+14151111234', channelType: 'sms' }, undefined);

    expect(body).toMatchObject({
      sender: { id: '+14151111234', channelType: 'sms' },
      recipient: { id: '+15555555555', channelType: 'sms' },
    });
  });

  it('falls back to the sender of the deployment', () => {
    const bodies = [text, { ...text, from: '+14151111234' }].map(
      (message) => toSendRequest(message, '+1999').body,
    );

    expect(bodies).toMatchObject([{ sender: { id: '+1999' } }, { sender: { id: '+14151111234' } }]);
  });

  it('names a business-scoped user id bare', () => {
    const { body } = toSendRequest({ ...text, to: 'US.13491208655302741918' }, undefined);

    expect(body).toMatchObject({ recipient: { id: 'US.13491208655302741918' } });
  });
});

describe('a request for a template', () => {
  it('holds the number and the name, and nothing that the producer left out', () => {
    const request = toSendRequest(template, undefined);

    expect(request).toEqual({
      path: '/send/whatsapp_templated_messages',
      body: { number: '+15555555555', templateName: 'order_ready' },
    });
  });

  it('holds everything that the producer gave, the sender as a string', () => {
    const parameters = [
      { name: 'body_1', value: 'Ana' },
      { name: 'header_document', value: 'https://a.b/c', filename: 'c.pdf' },
    ];

    const { body } = toSendRequest(
      { ...template, from: '+14151111234', language: 'en', parameters, campaignName: 'c' },
      '+1999',
    );

    expect(body).toEqual({
      sender: '+14151111234',
      number: '+15555555555',
      templateName: 'order_ready',
      language: 'en',
      parameters,
      campaignName: 'c',
    });
  });

  it('keeps an empty list of parameters', () => {
    const { body } = toSendRequest({ ...template, parameters: [] }, '+1999');

    expect(body).toMatchObject({ parameters: [], sender: '+1999' });
  });

  it("puts the vendor's prefix before a business-scoped user id", () => {
    const { body } = toSendRequest({ ...template, to: 'US.13491208655302741918' }, undefined);

    expect(body).toMatchObject({ number: 'bsuid:US.13491208655302741918' });
  });
});

describe('a request for a session message', () => {
  it("holds the vendor's own object as it came", () => {
    const message = {
      attachments: [{ type: 'document' as const, url: 'https://a.b/c.pdf' }],
      novelty: { x: [1] },
    };

    const request = toSendRequest({ type: 'session', to: '+15555555555', message }, undefined);

    expect(request.path).toBe('/send/messages');
    expect(request.body['message']).toBe(message);
  });
});

describe('callbackData', () => {
  it.each([
    [{ id: 'order-42' }, { relay: { v: 1, id: 'order-42' } }],
    [{ callbackData: { order: 42 } }, { relay: { v: 1 }, data: { order: 42 } }],
    [{ callbackData: null }, { relay: { v: 1 }, data: null }],
    [
      { id: 'order-42', callbackData: [1] },
      { relay: { v: 1, id: 'order-42' }, data: [1] },
    ],
  ])('of %j travels in our wrapper, on both endpoints', (fields, wrapped) => {
    const bodies = [text, template].map(
      (message) => toSendRequest({ ...message, ...fields }, undefined).body,
    );

    expect(bodies.map(({ callbackData }) => callbackData)).toEqual([wrapped, wrapped]);
  });
});
