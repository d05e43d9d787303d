import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { messageKey } from '../../../lib/delivery/message-key.ts';
import { timeForOneMessageMs } from '../../../lib/delivery/time.ts';

it('the worst message fits into the timeout of send-message, with time to start', () => {
  const template = parse(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'), {
    logLevel: 'silent',
  });

  const timeoutMs = template.functions.sendMessage.timeout * 1000;

  expect(timeForOneMessageMs).toBeLessThanOrEqual(timeoutMs - 2_000);
});

it('a message key keeps business and id apart, wherever the border between them lies', () => {
  const keys = [
    messageKey({ businessId: 'a', id: 'bc' }),
    messageKey({ businessId: 'ab', id: 'c' }),
    messageKey({ businessId: 'a","b', id: 'c' }),
    messageKey({ businessId: 'a', id: 'b","c' }),
  ];

  expect(new Set(keys).size).toBe(4);
  expect(keys.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
});
