import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InboundSpec } from '../../connectly-events/inbound-event.ts';
import { ulidGenerator } from '../../connectly-events/ulid.ts';
import { type Clock, systemClock } from '../clock.ts';
import { forThisMachineOnly } from '../loopback.ts';
import { isAdminPath, serveAdminRequest } from './admin-api.ts';
import { Control, type ResetSpec, type StatusSpec, type WindowSpec } from './control.ts';
import { EligibilityWindows } from './eligibility-windows.ts';
import { FaultBook } from './fault-book.ts';
import type { FaultSpec } from './fault-specs.ts';
import { Feed } from './feed.ts';
import { Journal } from './journal.ts';
import { RateLimit } from './rate-limit.ts';
import { Registrations } from './registrations.ts';
import { apiKeyOf, readSecrets, type Secrets } from './secrets.ts';
import { changeSettings, defaultSettings, type Settings } from './settings.ts';
import { StatusUpdates } from './status-updates.ts';
import { serveVendorRequest } from './vendor-api.ts';
import { WebhookOutbox, type WebhookRecord } from './webhook-outbox.ts';

/** The settings are those that can be changed later, too. */
export interface FakeConnectlyOptions extends Secrets, Partial<Settings> {
  /** A free one by default. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Numbers from 0 to below 1. */
  readonly random?: () => number;
  /** How many requests, accepted messages and webhooks are kept to look at. Counts do not depend on it. 1,000 by default. */
  readonly keepRequests?: number;
  /** Gets a line for each request to the vendor's API, without numbers and texts. */
  readonly log?: (line: string) => void;
}

/**
 * A running fake. Every method does what the admin route of its name does, and throws a `FieldError` where that answers
 * with 400.
 */
export interface FakeConnectly
  extends Pick<Control, 'state' | 'faults' | 'removeFaults' | 'onEvent' | 'webhooksQuiet'> {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Makes a customer write, or a report run; opens the window. */
  inbound(spec?: InboundSpec): WebhookRecord;
  setWindow(spec: WindowSpec): void;
  /** Returns the fault's id. */
  addFault(spec: FaultSpec): string;
  emitStatus(spec: StatusSpec): WebhookRecord;
  setSecrets(change: Partial<Secrets>): void;
  configure(change: Partial<Settings>): Settings;
  reset(spec?: ResetSpec): void;
  /** Breaks every connection and every wait off. */
  close(): Promise<void>;
}

/** Longer than any client of ours keeps an idle connection: the vendor must not be the one that drops it by chance. */
const keepAliveTimeoutMs = 75_000;

/**
 * Starts a server on 127.0.0.1 that behaves as Connectly's API is documented to, misbehaves on request, and counts what
 * it accepted. Throws a `FieldError` on bad options.
 */
export async function startFakeConnectly(options: FakeConnectlyOptions): Promise<FakeConnectly> {
  const {
    port = 0,
    clock = systemClock,
    random = Math.random,
    keepRequests = 1000,
    log = () => {},
  } = options;
  const { apiKey, webhookSecret, ...rest } = options;
  const secrets = readSecrets({ apiKey, webhookSecret });
  const settings = changeSettings(defaultSettings, settingsOf(rest));

  const newId = ulidGenerator({ now: () => clock.now(), random });
  const feed = new Feed();
  const journal = new Journal({ feed, keepRequests });
  const faults = new FaultBook(random);
  const windows = new EligibilityWindows(clock);
  const registrations = new Registrations(newId);
  const rateLimit = new RateLimit(clock);
  const outbox = new WebhookOutbox({
    clock,
    feed,
    journal,
    faults,
    registrations,
    keepRequests,
    webhookSecret: () => control.secrets().webhookSecret,
    settings: () => control.settings(),
  });
  const statuses = new StatusUpdates({ clock, random, outbox });
  const control = new Control(
    { clock, newId, feed, journal, faults, windows, registrations, rateLimit, outbox, statuses },
    { secrets, settings },
  );
  const vendor = {
    clock,
    random,
    newId,
    journal,
    faults,
    windows,
    registrations,
    rateLimit,
    log,
    settings: () => control.settings(),
    onAccepted: (message: Parameters<StatusUpdates['follow']>[0]) =>
      statuses.follow(message, control.settings()),
    apiKeyOf: (businessId: string) =>
      control.settings().businesses?.includes(businessId) === false
        ? undefined
        : apiKeyOf(control.secrets(), businessId),
  };

  const serve = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    isAdminPath(request.url ?? '')
      ? serveAdminRequest({ request, response }, { control, feed })
      : serveVendorRequest({ request, response, clock }, vendor);
  const server = await listen(port, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log(`bug in the fake Connectly: ${error instanceof Error ? error.stack : String(error)}`);
      response.destroy();
    });
  });
  const address = server.address();
  const boundPort = isAddress(address) ? address.port : port;

  return Object.assign(control, {
    url: `http://127.0.0.1:${boundPort}`,
    port: boundPort,
    close: async () => {
      statuses.clear();
      outbox.close();
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

/** The settings among the options. */
function settingsOf(options: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(defaultSettings, name)));
}

async function listen(
  port: number,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, forThisMachineOnly(serve));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return server;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
