import { describe, expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../../../cli/checks/check.ts';
import { pauseCheck } from '../../../../cli/doctor/pause-check.ts';
import { AwsError } from '../../../../local/aws/protocols/service.ts';
import { type StageFacts, startStageUnderCheck } from './stage-under-check.ts';

async function found(operations: StageFacts['operations'] = {}) {
  const stage = await startStageUnderCheck({ operations });
  onTestFinished(() => stage.close());
  const [result] = await runChecks([pauseCheck(stage.target)], {
    deadlineMs: 5000,
    signal: new AbortController().signal,
  });
  return result;
}

/** A log whose last word is that sending pauses for such a cause. */
function logOf(cause: string): StageFacts['operations'] {
  const now = Date.now();
  const timestamp = new Date(now).toISOString();
  const message = JSON.stringify({
    timestamp,
    level: 'warn',
    event: 'paused',
    code: 'business-paused',
    cause,
    since: timestamp,
    nextTryAt: new Date(now + 15_000).toISOString(),
  });
  return {
    FilterLogEvents: async ({ filterPattern }) => ({
      events: String(filterPattern).includes('paused') ? [{ eventId: '1', timestamp: now, message }] : [],
    }),
  };
}

async function denied(): Promise<never> {
  throw new AwsError('AccessDeniedException', 'You may not.');
}

describe('The check for pauses', () => {
  it('is well where the log says nothing of them', async () => {
    expect(await found()).toMatchObject({ check: 'pauses', verdict: 'ok' });
  });

  it.each([
    ['connectly-401', /\nnpx relay secrets set api-key --stage test\nnpx relay explain connectly-401$/],
    ['connectly-429', /^Nothing, when it is rare\. .*sendsPerSecond\.\nnpx relay explain connectly-429$/],
    ['from-the-future', /^npx relay explain from-the-future$/],
  ])('fails while sending pauses because of %s, with the remedy of that', async (cause, remedy) => {
    expect(await found(logOf(cause))).toEqual({
      check: 'pauses',
      verdict: 'failed',
      finding: expect.stringContaining(`because of ${cause}.`),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('does not fail where nobody may read the log', async () => {
    expect(await found({ FilterLogEvents: denied })).toMatchObject({
      verdict: 'warning',
      finding: expect.stringMatching(/^Not known: /),
    });
  });
});
