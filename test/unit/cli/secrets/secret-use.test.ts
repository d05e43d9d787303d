import { beforeEach, describe, expect, it } from 'vitest';
import { secretUse } from '../../../../cli/secrets/rotation.ts';
import { createLogger } from '../../../../lib/logger.ts';
import type { SecretAge } from '../../../../lib/webhook/receive.ts';
import { type LogsTarget, startLogsTarget } from '../logs/logs-target.ts';

let logs: LogsTarget;

beforeEach(async () => {
  logs = await startLogsTarget();
});

/** A webhook as the function logs it. */
function logged(secretAge: SecretAge, { at = 2000, topic = 'messages' } = {}): void {
  const output = (line: string) => logs.write(line, at);
  const logger = createLogger({ stage: 'test', level: 'info', output, now: () => at });
  logger.write('info', 'webhook', { result: 'queued', topic, secretAge });
}

function used() {
  const { signal } = new AbortController();
  return secretUse(logs.target, { since: 1000, signal });
}

describe('secretUse', () => {
  it.each<[SecretAge[], { old: boolean; new: boolean }]>([
    [[], { old: false, new: false }],
    [['newest'], { old: false, new: true }],
    [['older', 'newest'], { old: true, new: true }],
    // A function that does not know of the rotation yet.
    [['only'], { old: true, new: false }],
  ])('of %j is %j', async (ages, expected) => {
    for (const age of ages) logged(age);

    expect(await used()).toEqual(expected);
  });

  it('leaves out what was before', async () => {
    logged('older', { at: 999 });
    logged('newest');

    expect(await used()).toEqual({ old: false, new: true });
  });

  it('leaves out test events of our own', async () => {
    logged('older', { topic: 'relay_test' });
    logged('newest', { topic: 'relay_test' });

    expect(await used()).toEqual({ old: false, new: false });
  });
});
