import { createHmac } from 'node:crypto';
import { refreshIntervalMs, serveStaleMs, timeToLiveMs } from '../../../lib/secrets/cache.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import type { Shipped } from '../harness/shipped.ts';
import { uniform } from '../harness/simulated/faults.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { type Health, hastyFetches, lastRead } from './secret-store.ts';
import { startWebhook, type WebhookInstance } from './webhook-instance.ts';

/** How the secret of the webhook is rotated, and what becomes of Secrets Manager meanwhile. */
export interface WebhookScene {
  readonly name: string;
  readonly health: Health;
  /** From storing the new secret beside the old one until Connectly signs with it, in milliseconds. */
  readonly waitMs: number;
  /** Forged requests for each valid one: each of them makes its instance ask for a newer secret. */
  readonly forgedShare: number;
}

/** What README.md says to wait is longer; so much is what the code needs. */
const oneCacheLifeMs = timeToLiveMs + refreshIntervalMs;

export const webhookScenes = [
  { name: 'webhook-documented-quiet', health: 'up', waitMs: oneCacheLifeMs, forgedShare: 0 },
  { name: 'webhook-documented', health: 'up', waitMs: oneCacheLifeMs, forgedShare: 0.4 },
  { name: 'webhook-documented-throttled', health: 'half', waitMs: oneCacheLifeMs, forgedShare: 0.4 },
  { name: 'webhook-hurried', health: 'up', waitMs: refreshIntervalMs, forgedShare: 0.4 },
  { name: 'webhook-hurried-throttled', health: 'half', waitMs: refreshIntervalMs, forgedShare: 0.4 },
] as const satisfies readonly WebhookScene[];

export interface WebhookReport {
  readonly rotations: number;
  readonly valid: number;
  readonly forged: number;
  /** Requests that were signed with a removed secret. */
  readonly removed: number;
  readonly fetches: number;
  readonly instances: number;
  readonly validRefused: number;
  /** Valid events that were asked to come again. */
  readonly validAskedAgain: number;
  readonly validGivenUp: number;
  /** Valid events that got their 200 and are not on the queue. */
  readonly validMissing: number;
  readonly forgedAccepted: number;
  readonly removedAccepted: number;
  readonly removedAcceptedLate: number;
  /** After its removal, in milliseconds. */
  readonly longestRemovedMs: number;
  readonly hastyFetches: number;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** Connectly signs with the new secret for so long before the old one is removed. */
const bothMs = minuteMs;
/** From the removal to the next rotation: longer than the window in which a removed secret may still serve. */
const restMs = 8 * minuteMs;
const tickMs = 500;
const instancesAtOnce = 4;
/** An environment lives for so long; then a new one takes its place, with a cold start. */
const instanceLifeMs = 25 * minuteMs;
const mostTries = 8;

export interface WebhookRun {
  readonly shipped: Shipped;
  readonly scene: WebhookScene;
  readonly rotations: number;
  readonly seed: number;
}

/** Rotates the webhook's secret under load, in virtual time. */
export async function rotateWebhookSecret({
  shipped,
  scene,
  rotations,
  seed,
}: WebhookRun): Promise<WebhookReport> {
  const clock = createVirtualClock();
  return withVirtualDeadlines(clock, async (deadlines) => {
    const random = uniform(seed, 1);
    const storeRandom = uniform(seed, 2);
    let stored = ['secret-0'];
    let signing = 'secret-0';
    let removed: { readonly secret: string; readonly at: number } | undefined;
    const queued = new Set<string>();
    const acknowledged = new Set<string>();
    const counts = {
      valid: 0,
      forged: 0,
      removed: 0,
      validRefused: 0,
      validAskedAgain: 0,
      validGivenUp: 0,
      forgedAccepted: 0,
      removedAccepted: 0,
      removedAcceptedLate: 0,
      longestRemovedMs: 0,
    };

    const started: WebhookInstance[] = [];
    const idle: { readonly instance: WebhookInstance; readonly until: number }[] = [];
    function take() {
      const [found] = idle.splice(Math.floor(random() * idle.length), 1);
      return found !== undefined && found.until > clock.now() ? found : start();
    }
    function start() {
      const instance = startWebhook({
        shipped,
        clock,
        deadlines,
        random: storeRandom,
        value: () => JSON.stringify(stored),
        health: () => scene.health,
        onQueued: (body) => queued.add(/e-\d+-/.exec(body)?.[0] ?? ''),
      });
      started.push(instance);
      return { instance, until: clock.now() + instanceLifeMs * (0.5 + random()) };
    }
    async function post(secret: string, mark: string): Promise<{ status: number; by: WebhookInstance }> {
      const taken = take();
      const body = JSON.stringify({ topic: 'messages', message: { id: mark, text: 'hello!' } });
      const signature = createHmac('sha256', secret).update(body).digest('base64');
      const status = await taken.instance.post({ headers: { 'x-connectly-hmac-sha256': signature }, body });
      idle.push(taken);
      return { status, by: taken.instance };
    }

    const underWay = new Set<string>();
    async function postValid(mark: string, tries: number): Promise<void> {
      // Connectly signs anew whatever it repeats.
      const { status } = await post(signing, mark);
      if (status === 401) counts.validRefused += 1;
      if (status === 503) counts.validAskedAgain += 1;
      if (status === 200) acknowledged.add(mark);
      else if (status === 503 && tries < mostTries) {
        clock.after(tries * 10 * secondMs, () => void postValid(mark, tries + 1));
        return;
      } else counts.validGivenUp += 1;
      underWay.delete(mark);
    }
    async function postForged(mark: string): Promise<void> {
      counts.forged += 1;
      const { status } = await post(`forged-${Math.floor(random() * 1e9)}`, mark);
      if (status === 200) counts.forgedAccepted += 1;
    }
    async function postRemoved(mark: string, { secret, at }: NonNullable<typeof removed>): Promise<void> {
      counts.removed += 1;
      const postedAt = clock.now();
      const { status, by } = await post(secret, mark);
      if (status !== 200) return;
      counts.removedAccepted += 1;
      counts.longestRemovedMs = Math.max(counts.longestRemovedMs, postedAt - at);
      if (!mayStillServe(by, { postedAt, removedAt: at })) counts.removedAcceptedLate += 1;
    }

    let produced = 0;
    const nextMark = () => `e-${(produced += 1)}-`;
    function tick(): void {
      counts.valid += 1;
      const valid = nextMark();
      underWay.add(valid);
      void postValid(valid, 1);
      if (random() < scene.forgedShare) void postForged(nextMark());
      if (removed !== undefined && random() < 0.5) void postRemoved(nextMark(), removed);
    }
    async function work(forMs: number): Promise<void> {
      for (let passed = 0; passed < forMs; passed += tickMs) {
        tick();
        await clock.advance(tickMs);
      }
    }

    for (let index = 0; index < instancesAtOnce; index += 1) idle.push(start());
    await work(minuteMs);
    for (let rotation = 1; rotation <= rotations; rotation += 1) {
      const next = `secret-${rotation}`;
      stored = [signing, next];
      await work(scene.waitMs);
      const old = signing;
      signing = next;
      await work(bothMs);
      stored = [next];
      removed = { secret: old, at: clock.now() };
      await work(restMs);
      removed = undefined;
    }
    while (underWay.size > 0) await clock.advance(10 * secondMs);

    return {
      rotations,
      ...counts,
      fetches: started.reduce((sum, { fetches }) => sum + fetches.length, 0),
      instances: started.length,
      validMissing: [...acknowledged].filter((mark) => !queued.has(mark)).length,
      hastyFetches: started.reduce((sum, { fetches }) => sum + hastyFetches(fetches), 0),
    };
  });
}

/**
 * Whether an instance may not know yet that a secret was removed: for one cache life after it read the value with it,
 * and then for as long as its tries to read it again fail, each for the time until the next, up to a day.
 */
function mayStillServe(
  { fetches }: WebhookInstance,
  { postedAt, removedAt }: { readonly postedAt: number; readonly removedAt: number },
): boolean {
  const known = lastRead(fetches, Number.POSITIVE_INFINITY);
  if (known?.readAt === undefined || known.readAt >= removedAt) return false;
  const lastTry = fetches.at(-1);
  const failedAt = lastTry === undefined || lastTry === known ? 0 : lastTry.startedAt;
  const until = Math.max(known.endedAt + timeToLiveMs, failedAt + refreshIntervalMs);
  return postedAt <= until && postedAt <= known.endedAt + serveStaleMs;
}
