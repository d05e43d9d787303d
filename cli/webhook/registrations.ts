import * as z from 'zod';
import { readAnswerBody } from '../../lib/connectly/answer.ts';
import { type ApiCall, callApi } from '../../lib/connectly/api.ts';
import type { HttpClient } from '../../lib/connectly/http.ts';
import { vendorErrors } from '../../lib/connectly/vendor-errors.ts';
import { RelayError } from '../../lib/errors.ts';
import { businessIdPattern } from '../../lib/message/business-id.ts';
import { parseJson } from '../../lib/message/json.ts';
import { ConnectlyError, proxyHint, usageError } from '../errors.ts';

/** It becomes a part of a path: one of dots alone, or of nothing, would name another path. */
const idSchema = z.string().regex(/[^.]/);

const webhookSchema = z.object({
  id: idSchema,
  topic: z.string(),
  address: z.string(),
  configuration: z.unknown().optional(),
});

/** A registered webhook: one address for one topic of one business. */
export type Webhook = z.infer<typeof webhookSchema>;

const listSchema = z.object({ entity: z.object({ webhooks: z.array(webhookSchema).nullish() }) });
const createdSchema = z.object({ id: idSchema });

export interface WebhooksOptions {
  readonly http: HttpClient;
  readonly baseUrl: URL;
  readonly businessId: string;
  readonly apiKey: string;
}

/** The webhook registrations of one business. Every call rejects with a `ConnectlyError` unless Connectly answers 2xx. */
export interface Webhooks {
  list(): Promise<Webhook[]>;
  /** Resolves to the new registration's id. */
  create(webhook: { topic: string; address: string }): Promise<string>;
  /** Its other settings stay as they are. */
  update(id: string, change: { address: string }): Promise<void>;
  /** One that is gone already counts as removed. */
  remove(id: string): Promise<void>;
}

/** Talks to Connectly about the webhook registrations of one business. */
export function connectlyWebhooks({ http, baseUrl, businessId, apiKey }: WebhooksOptions): Webhooks {
  async function call(request: Pick<ApiCall, 'method' | 'path' | 'body'>): Promise<unknown> {
    // In the path of an address, two dots would name another one, which would get the key.
    if (!businessIdPattern.test(businessId)) {
      throw usageError(
        'A business id is letters, digits, "-" and "_", at most 128. Check --business, and the names in the API key secret.',
      );
    }
    const result = await callApi(http, baseUrl, { ...request, businessId, apiKey });
    if (result.kind !== 'answered') {
      throw new ConnectlyError(
        'connectly-unreachable',
        `Connectly did not answer (${result.reason}). Try again. ${proxyHint}`,
      );
    }
    const { status, body } = result;
    if (status >= 200 && status < 300) return parseJson(body);
    const { code, traceId } = readAnswerBody(body);
    throw new ConnectlyError(code ?? `connectly-${status}`, explain(status, code), { status, traceId });
  }

  return {
    async list() {
      const answer = await call({ method: 'GET', path: '/webhooks' });
      return expectShape(listSchema, answer).entity.webhooks ?? [];
    },
    async create(body) {
      const answer = await call({ method: 'POST', path: '/create/webhooks', body });
      return expectShape(createdSchema, answer).id;
    },
    async update(id, body) {
      await call({ method: 'PUT', path: `/update/webhooks/${encodeURIComponent(id)}`, body });
    },
    async remove(id) {
      try {
        await call({ method: 'DELETE', path: `/delete/webhooks/${encodeURIComponent(id)}` });
      } catch (error) {
        if (!(error instanceof ConnectlyError && error.status === 404)) throw error;
      }
    },
  };
}

function explain(status: number, code: string | undefined): string {
  const known = code !== undefined && Object.hasOwn(vendorErrors, code) ? vendorErrors[code] : undefined;
  if (known !== undefined) return `${known.meaning} ${known.remedy}`;
  if (status === 401 || status === 403)
    return `Connectly refused the API key (${status}). Check it, and the business id.`;
  if (status === 404) return 'Connectly does not know this business or webhook (404). Check the business id.';
  if (status === 400) return 'Connectly found the request malformed (400). Check the topic and the address.';
  return `Connectly answered ${status}.`;
}

function expectShape<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new ConnectlyError(
    'connectly-answer-invalid',
    'Connectly answered with something that is not documented.',
  );
}

/** The topics that Connectly documents. */
export const topics = ['messages', 'delivery_status', 'report'] as const;

/** Those that the relay needs: a report is for whoever has ordered one. */
export const neededTopics = ['messages', 'delivery_status'] as const;

/** Where a topic points, seen from a stack's own address. */
export const standingSchema = z.strictObject({
  topic: z.string(),
  points: z.enum(['here', 'elsewhere', 'nowhere']),
  webhookId: z.string().optional(),
  address: z.string().optional(),
});

export type Standing = z.infer<typeof standingSchema>;

/** Where each of the topics points. */
export function standingsOf(
  webhooks: readonly Webhook[],
  { wanted, address }: { readonly wanted: readonly string[]; readonly address: string },
): Standing[] {
  return wanted.map((topic) => {
    const webhook = webhooks.find((each) => each.topic === topic);
    if (webhook === undefined) return { topic, points: 'nowhere' };
    const points = webhook.address === address ? 'here' : 'elsewhere';
    return { topic, points, webhookId: webhook.id, address: webhook.address };
  });
}

export const registrationSchema = z.strictObject({
  action: z.enum(['created', 'updated', 'unchanged']),
  topic: z.string(),
  webhookId: z.string(),
  /** The address that the topic had before. */
  before: z.string().optional(),
  after: z.string(),
});

export type Registration = z.infer<typeof registrationSchema>;

/**
 * Points a topic at an address. Connectly has one address per topic, and one of its pages says that registering a taken
 * topic replaces it: so this lists first, updates what is there, and creates only what is not.
 * Rejects with `webhook-elsewhere` when the topic points to another address and `replace` is not given, and with a
 * `ConnectlyError` when Connectly refuses.
 */
export async function registerWebhook(
  webhooks: Webhooks,
  { topic, address, replace }: { topic: string; address: string; replace: boolean },
): Promise<Registration> {
  const existing = await find(webhooks, topic);
  if (existing !== undefined) return pointTo(existing);
  try {
    const webhookId = await webhooks.create({ topic, address });
    return { action: 'created', topic, webhookId, before: undefined, after: address };
  } catch (error) {
    if (!(error instanceof ConnectlyError && error.status === 409)) throw error;
    // Somebody registered the topic between our two calls.
    const taken = await find(webhooks, topic);
    if (taken === undefined) throw error;
    return pointTo(taken);
  }

  async function pointTo({ id: webhookId, address: before }: Webhook): Promise<Registration> {
    if (before === address) return { action: 'unchanged', topic, webhookId, before, after: address };
    if (!replace) {
      throw new RelayError(
        'webhook-elsewhere',
        `The topic "${topic}" points to ${before}. To take it over, run this again with --replace.`,
      );
    }
    await webhooks.update(webhookId, { address });
    return { action: 'updated', topic, webhookId, before, after: address };
  }
}

async function find(webhooks: Webhooks, topic: string): Promise<Webhook | undefined> {
  return (await webhooks.list()).find((webhook) => webhook.topic === topic);
}
