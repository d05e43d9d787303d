import { FieldReader } from './fields.ts';

/** How the fake behaves; every setting can be changed while it runs. */
export interface Settings {
  /** Over both send endpoints together. The vendor's limit is 200. */
  readonly requestsPerSecond: number;
  /** Business ids that the key is for; null for any. */
  readonly businesses: readonly string[] | null;
  /** The business's numbers; null for any. The first one sends when a request names none. */
  readonly businessNumbers: readonly string[] | null;
  /** The vendor lists both, and describes 201 as the one that carries the id. */
  readonly acceptStatus: 200 | 201;
  /** Whether the 24-hour window is enforced. */
  readonly enforceWindows: boolean;
  /** Template names that do not exist; every other one does. */
  readonly missingTemplates: readonly string[];
  /** Customers who have opted out of templates. */
  readonly optedOut: readonly string[];
  /** Customers whom nothing reaches: a `delivery_failed` follows instead of `delivered`. */
  readonly undeliverable: readonly string[];
  /** What registering a taken topic does: one page of the vendor says 409, another that it replaces. */
  readonly onTakenTopic: 'refuse' | 'replace';
  /** When each status follows an accepted send, in milliseconds; null for never. */
  readonly statusDelaysMs: {
    readonly sent: number | null;
    readonly delivered: number | null;
    readonly read: number | null;
  };
  /** The waits before each repeat of a webhook that was not answered with 200. The vendor documents none: our choice. */
  readonly webhookRetryDelaysMs: readonly number[];
  /** How long a receiver may take, in real time whatever the clock. Not documented either. */
  readonly webhookTimeoutMs: number;
}

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

const names = Object.keys(defaultSettings);

/** Lays a change that came as JSON over the settings. Throws a `FieldError` that names the field. */
export function changeSettings(current: Settings, json: unknown): Settings {
  const change = new FieldReader(json);
  change.refuseOthers(names);
  const acceptStatus = change.get('acceptStatus');
  if (acceptStatus !== undefined && acceptStatus !== 200 && acceptStatus !== 201) {
    change.fail('acceptStatus', 'must be 200 or 201');
  }
  return {
    requestsPerSecond: change.number('requestsPerSecond', { min: 0 }) ?? current.requestsPerSecond,
    businesses: change.isNull('businesses') ? null : (change.strings('businesses') ?? current.businesses),
    businessNumbers: change.isNull('businessNumbers')
      ? null
      : (change.strings('businessNumbers') ?? current.businessNumbers),
    acceptStatus: acceptStatus === 200 || acceptStatus === 201 ? acceptStatus : current.acceptStatus,
    enforceWindows: change.boolean('enforceWindows') ?? current.enforceWindows,
    missingTemplates: change.strings('missingTemplates') ?? current.missingTemplates,
    optedOut: change.strings('optedOut') ?? current.optedOut,
    undeliverable: change.strings('undeliverable') ?? current.undeliverable,
    onTakenTopic: change.oneOf('onTakenTopic', ['refuse', 'replace']) ?? current.onTakenTopic,
    statusDelaysMs: readStatusDelays(change, current),
    webhookRetryDelaysMs: readRetryDelays(change) ?? current.webhookRetryDelaysMs,
    webhookTimeoutMs: change.number('webhookTimeoutMs', { min: 1 }) ?? current.webhookTimeoutMs,
  };
}

function readStatusDelays(change: FieldReader, { statusDelaysMs }: Settings): Settings['statusDelaysMs'] {
  const delays = change.object('statusDelaysMs');
  if (delays === undefined) return statusDelaysMs;
  delays.refuseOthers(['sent', 'delivered', 'read']);
  const read = (name: 'sent' | 'delivered' | 'read'): number | null =>
    delays.isNull(name) ? null : (delays.number(name, { min: 0 }) ?? statusDelaysMs[name]);
  return { sent: read('sent'), delivered: read('delivered'), read: read('read') };
}

function readRetryDelays(change: FieldReader): readonly number[] | undefined {
  return change.array('webhookRetryDelaysMs')?.map((delay, index) => {
    if (typeof delay === 'number' && delay >= 0) return delay;
    return change.fail(`webhookRetryDelaysMs[${index}]`, 'must be a number of at least 0');
  });
}
