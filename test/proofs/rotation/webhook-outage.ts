import { createHmac } from 'node:crypto';
import { serveStaleMs } from '../../../lib/secrets/cache.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import type { Shipped } from '../harness/shipped.ts';
import { uniform } from '../harness/simulated/faults.ts';
import { type VirtualDeadlines, withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { type Health, lastRead } from './secret-store.ts';
import { startWebhook, type WebhookInstance } from './webhook-instance.ts';

/** Answers of the webhook while Secrets Manager is away, counted by when and to whom. */
export interface OutageReport {
  /** Of instances that never had a secret. */
  readonly cold: Readonly<Record<string, number>>;
  /** Of one that had it, for as long as it may be served. */
  readonly stale: Readonly<Record<string, number>>;
  /** Of the same one afterwards. */
  readonly tooOld: Readonly<Record<string, number>>;
  /** Of both once Secrets Manager is back. */
  readonly back: Readonly<Record<string, number>>;
}

const minuteMs = 60_000;
const everyMs = 5 * minuteMs;

/** Lets Secrets Manager be away for a day and an hour. Each answer is counted as `who: status`. */
export async function losesSecretsManager({
  shipped,
  seed,
}: {
  readonly shipped: Shipped;
  readonly seed: number;
}): Promise<OutageReport> {
  const clock = createVirtualClock();
  let health: Health = 'up';
  const secret = 'secret';
  const random = uniform(seed, 1);
  const start = (deadlines: VirtualDeadlines) =>
    startWebhook({
      shipped,
      clock,
      deadlines,
      random,
      value: () => secret,
      health: () => health,
      onQueued: () => {},
    });

  async function answerOf(instance: WebhookInstance, signature: string | undefined): Promise<number> {
    const headers = signature === undefined ? {} : { 'x-connectly-hmac-sha256': signature };
    const answer = instance.post({ headers, body });
    await clock.advance(3_000);
    return answer;
  }
  const body = '{"topic":"messages","message":{"id":"M1"}}';
  const signed = (by: string) => createHmac('sha256', by).update(body).digest('base64');
  async function ask(instance: WebhookInstance, counts: Record<string, number>): Promise<void> {
    for (const [who, signature] of [
      ['valid', signed(secret)],
      ['forged', signed('another')],
      ['malformed', undefined],
    ] as const) {
      const key = `${who}: ${await answerOf(instance, signature)}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
  }

  const report = { cold: {}, stale: {}, tooOld: {}, back: {} };
  return withVirtualDeadlines(clock, async (deadlines) => {
    const warm = start(deadlines);
    await ask(warm, {});
    health = 'down';
    const serveUntil = (lastRead(warm.fetches, clock.now())?.endedAt ?? 0) + serveStaleMs;
    // Until the last minute: what is asked for meanwhile takes its time.
    await clock.advance(minuteMs);
    while (clock.now() < serveUntil - minuteMs) {
      await ask(warm, report.stale);
      await ask(start(deadlines), report.cold);
      await clock.advance(Math.min(everyMs, Math.max(1, serveUntil - minuteMs - clock.now())));
    }
    await clock.advance(serveUntil - clock.now() + 1);
    for (let times = 0; times < 12; times += 1) {
      await ask(warm, report.tooOld);
      await clock.advance(everyMs);
    }
    const cold = start(deadlines);
    health = 'up';
    await ask(warm, report.back);
    await ask(cold, report.back);
    return report;
  });
}
