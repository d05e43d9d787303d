// The process that the shipped sender runs in while servers do to it what they like: one that hangs, crashes or swells
// there is seen from outside. It is built as the deployed bundles are.
import { composeConnectly } from '../../../lib/compose/connectly.ts';
import { createHttpClient } from '../../../lib/connectly/http.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import { createLogger } from '../../../lib/logger.ts';
import type { Message } from '../../../lib/message/message.ts';
import { systemClock } from '../../../local/clock.ts';
import { scripted } from '../../support/scripted-clients.ts';
import { keys, type Task, type TaskReport, type Verdict, vendorId } from './task.ts';

/** How long after every deadline has passed a call counts as one that never ends, in milliseconds. */
const slackMs = 3_000;

const small: Message = { type: 'text', to: '+15550001111', text: 'hello' };
/** More than fits into the buffers between two sockets that nobody reads from at first. */
const large: Message = { type: 'session', to: '+15550001111', message: { text: 'x'.repeat(200_000) } };

async function run(task: Task) {
  const { id, url, calls, isLarge, restMs, businessId } = task;
  let reads = 0;
  // A minute passes with each read of the keys: the cache asks for a newer one whenever it is told to.
  const now = () => systemClock.now() + reads * 60_000;
  const secretsManager = scripted.secretsManager(() => {
    reads += 1;
    return Promise.resolve({ SecretString: reads === 1 ? keys.old : keys.renewed });
  });
  let deadlineMs = 0;
  const sender = composeConnectly(
    { apiKeySecretArn: 'api-key', connectlyBaseUrl: new URL(url), senderNumber: undefined },
    {
      clock: { ...systemClock, now },
      secretsManager,
      createHttpClient(options) {
        ({ deadlineMs } = { ...options, ...task });
        return createHttpClient({ ...options, deadlineMs });
      },
    },
    createLogger({ stage: 'hostile', level: 'error', output: () => {}, now }),
  );
  const verdicts: Verdict[] = [];
  for (const call of calls) {
    const message = isLarge ? large : small;
    const expiresAt = Number.POSITIVE_INFINITY;
    const ended = call === 'send' ? sender.send({ message, businessId, expiresAt }) : sender.ask(businessId);
    // At most two requests, with a deadline each. Timers of one process run in order: how busy it is delays them all.
    const late = new Promise<'never ends'>((resolve) => {
      setTimeout(resolve, 2 * deadlineMs + slackMs, 'never ends').unref();
    });
    const verdict = await Promise.race([ended.then(verdictOn, () => 'rejects' as const), late]);
    verdicts.push(verdict);
    if (verdict === 'never ends') break;
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  const report: TaskReport = { id, verdicts, mostMemoryBytes: process.resourceUsage().maxRSS * 1024 };
  process.send?.(report);
}

function verdictOn(ended: Outcome): Verdict {
  switch (ended.kind) {
    case 'accepted':
      if (ended.vendorId === undefined) return 'accepted without an id';
      return ended.vendorId === vendorId ? 'accepted' : 'accepted with a wrong id';
    case 'refused':
      return ended.code.startsWith('ERROR_CODE_') ? 'refused by its code' : 'refused';
    case 'not-sent':
      if (ended.configurationFault === 'request') return 'turned down';
      return ended.configurationFault ? 'configuration fault' : 'not sent';
    case 'unclear':
      return 'unclear';
    case 'duplicate':
      return 'rejects';
  }
}

process.on('message', (task: Task) => void run(task));
// Whoever started this has gone: nobody would read what became of the rest.
process.on('disconnect', () => process.exit());
