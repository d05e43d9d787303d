import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyBytes, requestHeaders } from '../../../lib/webhook/request.ts';

describe('bodyBytes', () => {
  it('decodes a base64 body with emoji and accents to the bytes that were sent', () => {
    const sent = Buffer.from('{"text":"Café 😀"}');

    const bytes = bodyBytes({ body: sent.toString('base64'), isBase64Encoded: true });

    expect(bytes).toEqual(sent);
  });

  it('leaves text that looks like base64 alone when the flag is not set', () => {
    const bytes = bodyBytes({ body: 'aGVsbG8=', isBase64Encoded: false });

    expect(bytes.toString()).toBe('aGVsbG8=');
  });

  it('takes a missing flag for text', () => {
    const bytes = bodyBytes({ body: 'aGVsbG8=' });

    expect(bytes.toString()).toBe('aGVsbG8=');
  });

  it.each([{}, { body: null }, { body: '' }, { body: null, isBase64Encoded: true }])(
    'takes %j for no bytes at all',
    (request) => {
      const bytes = bodyBytes(request);

      expect(bytes.length).toBe(0);
    },
  );

  it('keeps a byte order mark', () => {
    const bytes = bodyBytes({ body: '\ufeff{}' });

    expect(bytes).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
  });

  it('gives back any bytes that came as base64, and any text that came as text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), (array, text) => {
        const fromBase64 = bodyBytes({ body: Buffer.from(array).toString('base64'), isBase64Encoded: true });
        const fromText = bodyBytes({ body: text, isBase64Encoded: false });

        expect(fromBase64).toEqual(Buffer.from(array));
        expect(fromText.toString('utf8')).toBe(text);
      }),
    );
  });
});

describe('requestHeaders', () => {
  it('joins the values of a repeated header with commas, as payload 2.0 does', () => {
    const headers = requestHeaders({
      headers: { 'X-Signature': 'valid', Accept: '*/*' },
      multiValueHeaders: { 'X-Signature': ['forged', 'valid'], Accept: ['*/*'] },
    });

    expect(headers).toEqual({ 'X-Signature': 'forged,valid', Accept: '*/*' });
  });

  it('takes no second header from a list of one value, in whatever case its name is', () => {
    const headers = requestHeaders({
      headers: { 'x-signature': 'valid' },
      multiValueHeaders: { 'X-Signature': ['valid'] },
    });

    expect(headers).toEqual({ 'x-signature': 'valid' });
  });

  it('overlooks a list of values that is none', () => {
    const headers = requestHeaders({ headers: { Accept: '*/*' }, multiValueHeaders: { Accept: undefined } });

    expect(headers).toEqual({ Accept: '*/*' });
  });

  it.each([{}, { headers: null }, { headers: null, multiValueHeaders: null }])(
    'finds none in %j',
    (request) => {
      const headers = requestHeaders(request);

      expect(headers).toEqual({});
    },
  );
});
