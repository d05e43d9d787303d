import { setTimeout as sleep } from 'node:timers/promises';
import { compareWithMoto } from '../moto.ts';
import { NotRunnable } from '../run-rules.ts';
import { differences } from './moto-differences.ts';
import { RuleContext, type Time } from './rule.ts';
import { rules } from './rules.ts';

/** No rule may make the run wait longer than this at one time. */
const longestWaitMs = 3_000;

const realTime: Time = {
  async advance(milliseconds) {
    if (milliseconds > longestWaitMs) throw new NotRunnable(`needs ${milliseconds / 1_000} s`);
    // Real clocks round: what is due at this moment is surely there a little later.
    await sleep(milliseconds + 50);
  },
  pollArrives: () => sleep(300),
};

await compareWithMoto({
  service: 'SQS',
  rules,
  differences,
  open: (endpoint) => new RuleContext(endpoint, realTime),
});
