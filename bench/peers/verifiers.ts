// The verifiers of others, each over the signature of its own scheme, without parsing what was signed.
import { sign, verify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = new Date();

/** Signs a body, and resolves to what verifies it. */
export const verifiers = {
  async svix(body: Buffer) {
    const webhook = new SvixWebhook(`whsec_${secret}`);
    const headers = {
      'svix-id': id,
      'svix-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
      'svix-signature': webhook.sign(id, timestamp, body),
    };
    return () => webhook.verify(body, headers);
  },
  async standardwebhooks(body: Buffer) {
    const webhook = new StandardWebhook(`whsec_${secret}`);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, timestamp, body),
    };
    return () => webhook.verify(body, headers, { jsonParse: false });
  },
  async '@octokit/webhooks-methods'(body: Buffer) {
    // It takes text only.
    const text = body.toString('utf8');
    const signature = await sign(secret, text);
    return async () => {
      if (!(await verify(secret, text, signature))) throw new Error('The signature does not hold.');
    };
  },
};
