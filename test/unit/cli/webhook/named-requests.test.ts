import { expect, it } from 'vitest';
import { ConnectlyError } from '../../../../cli/errors.ts';
import { withRequestsNamed } from '../../../../cli/webhook/business-webhooks.ts';
import type { Webhooks } from '../../../../cli/webhook/registrations.ts';

const address = 'https://here.example/webhooks';

/** Lists one webhook, once; everything else is answered with this status. */
function answering(status: number): Webhooks {
  let lists = 0;
  const refuse = async () => {
    throw new ConnectlyError(`connectly-${status}`, `Answered ${status}.`, { status, traceId: '17' });
  };
  return {
    list: async () => (lists++ === 0 ? [{ id: 'wh_1', topic: 'messages', address }] : refuse()),
    create: refuse,
    update: refuse,
    remove: refuse,
  };
}

it.each<[string, (webhooks: Webhooks) => Promise<unknown>]>([
  ['Listing the registered webhooks', (webhooks) => webhooks.list()],
  ['Registering topic "report"', (webhooks) => webhooks.create({ topic: 'report', address })],
  ['Changing the address of topic "messages"', (webhooks) => webhooks.update('wh_1', { address })],
  ['Removing topic "messages"', (webhooks) => webhooks.remove('wh_1')],
])('A failure of Connectly says which request it answered: %s', async (request, send) => {
  const webhooks = withRequestsNamed(answering(500), '--stage test');
  await webhooks.list();

  const sending = send(webhooks);

  await expect(sending).rejects.toMatchObject({
    code: 'connectly-500',
    status: 500,
    traceId: '17',
    message: `${request}: Answered 500. Try again.`,
  });
});

it.each([
  [401, 'To set the key anew: npx relay secrets set api-key --stage test'],
  [404, 'To look at all around it: npx relay doctor --stage test'],
  [409, 'Try again.'],
  [429, 'Try again.'],
])('After %i it says what to type next', async (status, next) => {
  const webhooks = withRequestsNamed(answering(status), '--stage test');

  const creating = webhooks.create({ topic: 'messages', address });

  await expect(creating).rejects.toThrow(`Registering topic "messages": Answered ${status}. ${next}`);
});

it.each([
  ['SOMETHING_NEW', 'To look at all around it: npx relay doctor --stage test'],
  ['ERROR_CODE_NEW', 'What the code means: npx relay explain ERROR_CODE_NEW'],
])('A code of Connectly is explained where there is something to say: %s', async (code, next) => {
  const refused = new ConnectlyError(code, 'Answered 422.', { status: 422 });
  const refusing = { ...answering(422), remove: () => Promise.reject(refused) };
  const webhooks = withRequestsNamed(refusing, '--stage test');

  const removing = webhooks.remove('wh_2');

  await expect(removing).rejects.toMatchObject({ message: `Removing webhook wh_2: Answered 422. ${next}` });
});
