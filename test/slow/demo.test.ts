import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { registerStack } from '../../cli/webhook/register-stack.ts';
import { runDemo } from '../../local/stack/demo/run-demo.ts';
import { forgersSecret, story } from '../../local/stack/demo/story.ts';
import { localCredentials, type Stack, startStack } from '../../local/stack/stack.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** For each step, what has to go wrong in the world for it to fail. */
const breakages: Record<string, (stack: Stack) => unknown> = {
  'start the stack': () => Promise.reject(new Error('The port is taken.')),
  'register the webhook': ({ connectly }) =>
    connectly.addFault({ kind: 'answer', status: 500, match: { endpoint: 'create/webhooks' } }),
  'receive a text': ({ connectly }) => connectly.setSecrets({ webhookSecret: 'rotated-at-connectly-only' }),
  'refuse a forged webhook': ({ secretsManager }) =>
    secretsManager.setValue(
      'connectly-relay/local/webhook-secrets',
      JSON.stringify([localCredentials.webhookSecret, forgersSecret]),
    ),
  'send a text': ({ connectly }) =>
    connectly.addFault({
      kind: 'answer',
      code: 'ERROR_CODE_MESSAGE_TEXT_EMPTY',
      match: { endpoint: 'send/messages' },
    }),
  'send a template': ({ connectly }) => connectly.configure({ missingTemplates: ['order_ready'] }),
  'hear how it went': ({ connectly }) =>
    connectly.addFault({ kind: 'webhook-drop', times: 'always', match: { status: 'delivered' } }),
  'refuse what cannot be sent': ({ connectly }) => connectly.configure({ enforceWindows: false }),
  'try again after "too many requests"': ({ connectly }) =>
    connectly.addFault({
      kind: 'answer',
      status: 503,
      retryAfter: 900,
      skip: 2,
      match: { endpoint: 'send/messages' },
    }),
  count: ({ connectly }) => {
    const recipient = '+16315555000';
    // Its statuses would be counted at the step about forged webhooks.
    connectly.addFault({ kind: 'webhook-drop', times: 'always', match: { recipient } });
    return fetch(`${connectly.url}/v1/businesses/local-business/send/whatsapp_templated_messages`, {
      method: 'POST',
      headers: { 'X-API-Key': localCredentials.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ number: recipient, templateName: 'uninvited', language: 'en' }),
    });
  },
};

async function startAnd(prepare: (stack: Stack) => unknown): Promise<Stack> {
  const stack = await startStack({ projectRoot });
  try {
    await prepare(stack);
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

describe('the demo', () => {
  it('tells the whole story when everything works', async () => {
    const told: string[] = [];

    const result = await runDemo({
      start: () => startStack({ projectRoot }),
      register: registerStack,
      tell: (text) => told.push(text),
      show: () => {},
      patienceMs: 20_000,
    });

    expect(result).toEqual({ ok: true, steps: Object.keys(breakages), accepted: 3 });
    expect(told.length).toBeGreaterThan(story.length);
  });

  it.concurrent.each(Object.entries(breakages))(
    'fails at the step "%s" when that is broken',
    async (step, break_) => {
      const result = await runDemo({
        start: () => startAnd(break_),
        register: registerStack,
        tell: () => {},
        show: () => {},
        patienceMs: 8000,
      });

      expect(result).toMatchObject({ ok: false, step });
    },
  );
});
