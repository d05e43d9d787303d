import * as z from 'zod/mini';
import { readSpec } from './fields.ts';

const notNegative = z.number().check(z.gte(0));
const strings = z.array(z.string());
const statusDelays = z.strictObject({
  sent: z.nullable(notNegative),
  delivered: z.nullable(notNegative),
  read: z.nullable(notNegative),
});

/** How the fake behaves; every setting can be changed while it runs. */
const settings = z.strictObject({
  /** Over both send endpoints together. The vendor's limit is 200. */
  requestsPerSecond: notNegative,
  /** Business ids that the key is for; null for any. */
  businesses: z.nullable(strings),
  /** The business's numbers; null for any. The first one sends when a request names none. */
  businessNumbers: z.nullable(strings),
  /** The vendor lists both, and describes 201 as the one that carries the id. */
  acceptStatus: z.literal([200, 201]),
  /** Whether the 24-hour window is enforced. */
  enforceWindows: z.boolean(),
  /** Template names that do not exist; every other one does. */
  missingTemplates: strings,
  /** Customers who have opted out of templates. */
  optedOut: strings,
  /** Customers whom nothing reaches: a `delivery_failed` follows instead of `delivered`. */
  undeliverable: strings,
  /** What registering a taken topic does: one page of the vendor says 409, another that it replaces. */
  onTakenTopic: z.enum(['refuse', 'replace']),
  /** When each status follows an accepted send, in milliseconds; null for never. */
  statusDelaysMs: statusDelays,
  /** The waits before each repeat of a webhook that was not answered with 200. The vendor documents none: our choice. */
  webhookRetryDelaysMs: z.array(notNegative),
  /** How long a receiver may take, in real time whatever the clock. Not documented either. */
  webhookTimeoutMs: z.number().check(z.gte(1)),
});
export type Settings = Readonly<z.infer<typeof settings>>;

const settingsChange = z.extend(z.partial(settings), {
  statusDelaysMs: z.optional(z.partial(statusDelays)),
});

export const defaultSettings: Settings = {
  requestsPerSecond: 200,
  businesses: null,
  businessNumbers: null,
  acceptStatus: 201,
  enforceWindows: true,
  missingTemplates: [],
  optedOut: [],
  undeliverable: [],
  onTakenTopic: 'refuse',
  statusDelaysMs: { sent: 20, delivered: 60, read: 120 },
  webhookRetryDelaysMs: [1000, 4000, 16_000, 64_000],
  webhookTimeoutMs: 10_000,
};

/** The business number of the vendor's samples: sends when neither the request nor a setting names one. */
const sampleBusinessNumber = '+16044441234';

export function defaultBusinessNumber({ businessNumbers }: Settings): string {
  return businessNumbers?.[0] ?? sampleBusinessNumber;
}

/** Lays a change that came as JSON over the settings. Throws a `FieldError` that names the field. */
export function changeSettings(current: Settings, json: unknown): Settings {
  const { statusDelaysMs, ...change } = readSpec(settingsChange, json);
  return Object.assign({}, current, change, {
    statusDelaysMs: Object.assign({}, current.statusDelaysMs, statusDelaysMs),
  });
}
