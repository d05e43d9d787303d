import * as z from 'zod/mini';
import { readAnswerBody } from '../../lib/connectly/answer.ts';
import { type ApiCall, callApi } from '../../lib/connectly/api.ts';
import type { HttpClient } from '../../lib/connectly/http.ts';
import { vendorErrors } from '../../lib/connectly/vendor-errors.ts';
import { parseJson } from '../../lib/message/json.ts';
import { ConnectlyError } from '../errors.ts';

const webhookSchema = z.object({
  id: z.string(),
  topic: z.string(),
  address: z.string(),
  configuration: z.optional(z.unknown()),
});

/** A registered webhook: one address for one topic of one business. */
export type Webhook = z.infer<typeof webhookSchema>;

const listSchema = z.object({ entity: z.object({ webhooks: z.nullish(z.array(webhookSchema)) }) });
const createdSchema = z.object({ id: z.string() });

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
    const result = await callApi(http, baseUrl, { ...request, businessId, apiKey });
    if (result.kind !== 'answered') {
      throw new ConnectlyError(
        'connectly-unreachable',
        `Connectly did not answer (${result.reason}). Try again.`,
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

function expectShape<Schema extends z.ZodMiniType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new ConnectlyError(
    'connectly-answer-invalid',
    'Connectly answered with something that is not documented.',
  );
}
