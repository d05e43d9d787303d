import type { Count, Proof, ProofEntry } from './harness/proof.ts';

/**
 * Every proof: what it does, what must hold, how much of it a full run and CI do, and what the last full run has shown.
 * `npm run prove`, docs/reliability.md, .ci/run and the tests of the proofs take them from here.
 */
export const proofs: readonly ProofEntry[] = [
  entry({
    name: 'model',
    does: "every interleaving of two workers, settle-send, a person and a queue over one message, with a death between any two steps, over the ledger's functions as they ship",
    holds: '`hold`: never two acceptances; no policy loses',
    drives: '`lib/delivery/ledger`',
    counts: { deliveries: { meaning: 'of the message', full: 6, ci: 6, planted: 4, atMost: 6 } },
    isRandom: false,
    figures: {
      seeds: 'none',
      found:
        '528,224 states under `hold`, 1,071,049 under `settle`, 136,209 under `resend`, and 5,303,483 with two copies at once, changes of policy and a person who releases: at most one acceptance under `hold` and `settle` without that person, none lost',
    },
    load: async () => (await import('./model/run.ts')).model,
  }),
  entry({
    name: 'sends',
    does: 'messages through queues, mappings and the shipped functions to a scripted Connectly in virtual time; 32 kinds of faulty answer, faults of queue, ledger and secrets, dying environments, overlap, redrives',
    holds: '`hold`: 0 lost, 0 accepted twice; `resend` and `settle`: 0 lost, each duplicate explained',
    drives: 'send-message, settle-send',
    counts: {
      messages: { meaning: 'under each policy, with each seed', full: 100_000, ci: 3_000, planted: 1_500 },
    },
    figures: {
      seeds: '20261122',
      found:
        'before the last rules of lanes and returns: 300,000 messages: 0 lost, each in the DLQ with its reason or accepted. `hold`: 0 accepted twice; 2,829 outcome-unknown of 5,681 unclear faults and kills. `settle`: of messages with an `id` 149 accepted again, of 4,592 accepted but unreported; of those without one (a tenth) 378. `resend`: 559 accepted again of 5,831 unclear',
    },
    load: async () => (await import('./sends/run.ts')).sends,
  }),
  entry({
    name: 'outage',
    does: 'settle-send away for 40 minutes, while sends of unknown outcome and delivery statuses pile up; then the shipped functions, one environment frozen and one new, read them in any order, in virtual time',
    holds:
      '0 sent again (`settle`) and 0 given up (`hold`) whose status lay there; all others at their end within 15 minutes',
    drives: 'settle-send, send-message',
    counts: {
      sends: { meaning: 'of unknown outcome under each policy, with each seed', full: 1_000, ci: 200 },
      statuses: { meaning: 'of others on the queue', full: 200_000, ci: 10_000, planted: 2_000 },
    },
    figures: {
      seeds: '20261122, 731905544',
      found:
        '4,000 unclear sends among 200,000 statuses: 0 of 3,600 that Connectly had told of sent again or given up, the other 400 at their end within 6.1 minutes; without the look at the queue, half of them would have been',
    },
    load: async () => (await import('./outage/run.ts')).outage,
  }),
  entry({
    name: 'webhooks',
    does: 'events to the shipped webhook in virtual time, with repeats, faults of queue and secrets, dying environments and lost replies',
    holds: '0 acknowledged but missing; equal events have equal ids',
    drives: 'receive-webhook',
    counts: { events: { meaning: 'with each seed', full: 100_000, ci: 20_000, planted: 5_000 } },
    figures: {
      seeds: '20261122, 3035690118',
      found:
        '200,000 events in 234,018 requests: 0 acknowledged but missing, 15,893 copies with equal ids, 0 ids that stand for different events, 0 valid refused',
    },
    load: async () => (await import('./webhooks/run.ts')).webhooks,
  }),
  entry({
    name: 'rate',
    does: 'messages through the shipped sender and batch runner in virtual time: healthy at 160 and 200 a second, a limit of 80, slow, bursts of 429, outages (errors, refused connections, silence) of 10 and 60 minutes, messages that expire in one; one message in 10,000, 1,000 and 100 that is turned down, one in five that fails at once or is silent, and a business of 1 to 20 % that is throttled, silent, or has a refused key, or 100 businesses that are throttled, each compared with a run in which nothing is wrong; ten numbers with a limit each; fifty businesses of one number each, with one limit for all; 1,000 messages that wait for outages of 10 s, 2 min and 60 min, and 100,000 that wait for an hour; a business with a refused key that has queued more than the 120,000 which SQS has in flight at most, and another one that queues behind it',
    holds:
      'healthy: at least 93 % of the configured rate, no 429; limited: at least 85 % of the limit, at most 2 % 429s; outages: 0 lost, 0 twice, nothing but what expired in the DLQ, at most 1.05 requests for a message, at most two windows and the probes unclear; people are told of an expiry no later than the pace explains (35 s); one that is turned down, or a business in trouble, makes the others no slower than 1.1 to 2 times, a fifth of silence no slower than 2.8 times; numbers: at least 90 % of what their limits allow, at most 1 % 429s; one limit for fifty businesses: at least 80 % of it, at most 6 % 429s; after an outage the first is accepted within one interval of the gate, the last within that and one and a half times what the rate needs; waiting costs at most a fifth of what it did; behind a crowd, as many are in flight as the alarm `sends-in-flight` wants, and one of another business waits for no longer than 15 minutes for each 120,000',
    drives: 'send-message',
    counts: {
      // Not fewer: the end of a queue, where a few wait for their second try, is slower than the rest.
      steady: {
        meaning: 'messages in each scene without trouble, with each seed',
        full: 100_000,
        ci: 60_000,
        planted: 30_000,
        atLeast: 30_000,
      },
      // Not fewer: they would all be sent before any trouble begins.
      troubled: {
        meaning: 'messages in each other scene, with each seed',
        full: 100_000,
        ci: 10_000,
        atLeast: 10_000,
      },
      crowd: {
        meaning: 'messages of a business that is held up and of another one, with each seed',
        full: 1_000_000,
        ci: 150_000,
        atLeast: 150_000,
      },
    },
    figures: {
      seeds: '20261122, 3184684838',
      found:
        'before the last rules of lanes and returns, and without the two scenes that came with them: 154.8 a second of 160, 191.7 of 200, no 429; 70.8 of a limit of 80, 0.5 % 429s; 0 lost, 0 twice, nothing in the DLQ but what expired; at most 183 unclear in an outage, and 1.05 requests for a message; 63,478 messages expired in an outage, and people were told within 16.2 s; beside one that is turned down, or a business in trouble, at most 1.03 times as long as a healthy run, and 2.63 times where a fifth is silent; ten numbers: 97.9 % of what their limits allow, 0.04 % 429s',
    },
    load: async () => (await import('./rate/run.ts')).rate,
  }),
  entry({
    name: 'rotation',
    does: 'rotations of the webhook secret, in the documented order and in a hurry, with forged requests, and of the API key in mid-batch, in virtual time; with a Secrets Manager that fails half of its calls, or is away for a day',
    holds:
      '0 valid events refused, 0 accepted with a removed secret after its window, at most one refresh in 30 s; 0 messages in the DLQ, each accepted once, 401s only for requests under way',
    drives: 'receive-webhook, send-message',
    counts: { rotations: { meaning: 'in each scene that has any, with each seed', full: 20, ci: 1 } },
    figures: {
      seeds: '20261122, 1567253182',
      found:
        '0 of 34,920 valid events refused in each documented run, 0 of about 13,900 forged ones accepted; 0 accepted with a removed secret after its window (293 s seen, 351 s while every second call fails); 15,900 messages in each scene accepted once, 0 in the DLQ; 13 401s at a rotation at most',
    },
    load: async () => (await import('./rotation/run.ts')).rotation,
  }),
  entry({
    name: 'batches',
    does: 'batches of up to 1,000 records that succeed, fail, throw, are damaged or stand there twice, to the handlers of both sending functions through queues and mappings in virtual time, with faults of everything around; others to the batch runner alone, and to the mapping with responses of 26 shapes; invocations with any time left from 0 to 60 s among slow services',
    holds:
      '0 messages deleted that nobody has, every response names all that failed and nothing else; 0 requests and 0 ledger entries cut off by the end of an invocation, so nothing is unclear by our own fault',
    drives: 'send-message, settle-send, `lib/aws/batch`',
    counts: {
      batches: {
        meaning: 'to the handlers and to the mapping, twice as many to the runner alone, with each seed',
        full: 5_000,
        ci: 200,
        planted: 300,
      },
      invocations: { meaning: 'with any time left, with each seed', full: 3_000, ci: 300, planted: 600 },
    },
    figures: {
      seeds: '20261122, 1366090312',
      found:
        '30,000 batches and 6,000 invocations: 0 wrongly deleted, 0 wrong responses, 0 requests or ends cut off',
    },
    load: async () => (await import('./batches/run.ts')).batches,
  }),
  entry({
    name: 'canaries',
    does: 'runs over every path through the functions, each with personal data and secrets that occur nowhere else',
    holds:
      'none of them found in output, metrics, errors, answers, attributes or table, not even cut, encoded or hashed; every path taken',
    drives: 'receive-webhook, send-message, settle-send',
    counts: { runs: { meaning: 'with each seed', full: 10_000, ci: 1_500, planted: 200, atLeast: 163 } },
    figures: {
      seeds: '20261122, 140944693',
      found: '10,000 runs with each over 175 paths: 0 hits in about 52,600 pieces',
    },
    load: async () => (await import('./canaries/run.ts')).canaries,
  }),
  entry({
    name: 'fuzz',
    does: 'fuzzed webhook requests against an independent oracle; valid pairs of a body and its signature, of which every bit is changed; every code point of Unicode; requests through the running stack; fuzzed messages to three judges: the sender, `relay validate`, and the fake Connectly, which sees what the sender would send',
    holds: '0 forgeries accepted, 0 valid refused, 0 crashes; no judge throws, and all come to one verdict',
    drives: 'receive-webhook, the local stack, `lib/message`, `relay validate`',
    counts: {
      requests: {
        meaning: 'through the use case, with each seed',
        full: 500_000,
        ci: 100_000,
        planted: 5_000,
      },
      pairs: { meaning: 'with each seed', full: 500, ci: 150, planted: 1 },
      'code-points': {
        meaning: 'from the first one on',
        full: 0x110000,
        ci: 0x110000,
        planted: 0x10100,
        atMost: 0x110000,
      },
      'stack-requests': { meaning: 'through the stack', full: 10_000, ci: 3_000, planted: 600 },
      messages: { meaning: 'to every judge, with each seed', full: 500_000, ci: 10_000, planted: 5_000 },
    },
    figures: {
      seeds: '20261122, 1885711803',
      found:
        '1,000,000 requests and 10,000 through the stack: 0 forgeries accepted, 0 valid refused, 0 crashes; 1,000,000 messages (seeds 20261122, 2285104206), 443,901 of them valid: no judge threw, 0 verdicts differed; 2,269 of the valid have what Connectly has not documented, which the sender leaves to Connectly and the fake refuses',
    },
    load: async () => (await import('./fuzz/run.ts')).fuzz,
  }),
  entry({
    name: 'hostile',
    does: 'servers that redirect to another host, drip, never end, break off after every byte, lie about lengths or speak no HTTP, against the shipped sender in a process of its own; more answers made up at random. What only the deadline ends is given 1 s instead of 8 s. Then sends over connections that were kept while the process stood still (SIGSTOP): left alone, ended, closed, reset, forgotten or filled with an answer nobody asked for, at any moment, or as the server had announced; rests are counted by a clock that runs ten times as fast',
    holds:
      '0 answers misjudged, every deadline kept, 0 bytes at another host, memory grows by less than 32 MiB; 0 sends unclear over a connection that the server gave up before the request began, 0 sent twice',
    drives: '`lib/connectly`',
    counts: {
      answers: { meaning: 'made up at random, with each seed', full: 5_000, ci: 500, planted: 200 },
      reuses: { meaning: 'of kept connections, with each seed', full: 10_000, ci: 500, planted: 800 },
    },
    figures: {
      seeds: '20261122, 3084210578',
      found:
        '12,945 answers: 0 misjudged, 0 late; 0 bytes at another host; memory +2.8 MiB; 20,000 sends after a freeze, 4,572 of them over a kept connection: 0 unclear by our own fault, 115 because the server hung up while the request was under way',
    },
    load: async () => (await import('./hostile/run.ts')).hostile,
  }),
  entry({
    name: 'kill',
    does: 'kills (`kill -9`) of real worker processes at 6 points, for each of `hold` and `resend`, and under `hold` a quarter as many of settle-send at its calls, over real HTTP against the local stack; leases, timeouts and waiting times are scaled down. Needs Linux',
    holds: '`hold`: 0 duplicates, 0 lost; `resend`: 0 lost',
    drives: 'send-message, settle-send',
    counts: {
      kills: { meaning: 'of workers under each policy, with each seed', full: 500, ci: 12 },
    },
    figures: {
      seeds: '20261122, 1553500716',
      found:
        'before claims were withdrawn and connections kept: 1,000 kills under `hold`, spread over the 6 points: 0 lost, 0 accepted twice of 2,102 messages; 1,000 under `resend`: 0 lost, each of 772 further acceptances after an unclear attempt',
    },
    load: async () => (await import('./kill/run.ts')).kill,
  }),
  entry({
    name: 'wiring',
    does: 'wrong wirings planted into `lib/compose` and `functions/`, one at a time (a lease of a millisecond, the policy of another stage, queues or clocks mixed up, a metric not written, or written twice); for each runs the test that `test/proofs/wiring/defects.ts` names. Those that a simulation can see are among its own defects, too',
    holds: 'every one makes its own test fail, which passes without it',
    drives: '`lib/compose`, `functions`',
    counts: {},
    isRandom: false,
    figures: { seeds: 'none', found: '30 wirings, each noticed by the test that it names' },
    load: async () => (await import('./wiring/run.ts')).wiring,
  }),
  entry({
    name: 'cli',
    does: 'defects planted into the command line, one at a time (a row queued before its ledger knows it, an unknown outcome released unasked, a secret shown, a wrong exit code); for each runs the test that `test/proofs/cli/defects.ts` names',
    holds: 'every one makes its own test fail, which passes without it',
    drives: '`cli`',
    counts: {},
    isRandom: false,
    figures: { seeds: 'none', found: '31 defects, each noticed by the test that it names' },
    load: async () => (await import('./cli/run.ts')).cli,
  }),
  entry({
    name: 'mutation',
    does: 'changes every line of `lib`, folder by folder, in the small ways that [Stryker](https://stryker-mutator.io) knows, and runs the unit tests beside it; changes in code that runs once, at import, are left out and counted',
    holds:
      'at least 95 % are noticed in each folder; each that is not is named in `test/proofs/mutation/survivors.ts`, with the reason why no test can or should',
    drives: '`lib`',
    counts: {},
    isRandom: false,
    alone: 'takes half an hour and more',
    figures: {
      seeds: 'none',
      found:
        'before the gates, and before claims were withdrawn and connections kept: 97.5 % of 3,340 mutants noticed, 318 static ones left out; each of the others has its reason. `lib/aws` 96.7 %, `lib/compose` 100 %, `lib/connectly` 97.3 %, `lib/delivery` 98.0 %, `lib/message` 95.9 %, `lib/secrets` 97.2 %, `lib/webhook` 99.4 %, the rest of `lib` 97.8 %',
    },
    load: async () => (await import('./mutation/run.ts')).mutation,
  }),
  entry({
    name: 'deploy',
    does: 'deploys with the serverless command to two emulated AWS that others have written, [moto](https://github.com/getmoto/moto) and [MiniStack](https://pypi.org/project/ministack/); looks at the stack, runs the deployed zips and the command line, deploys again and removes it; brings a removed prod stack back by the documented commands',
    holds: 'every claim about what is there and what it does',
    drives: '`serverless.yml`, the functions, `cli`',
    counts: {},
    isRandom: false,
    alone: 'needs Python 3 and, the first time, the package registries',
    load: async () => (await import('./deploy/run.ts')).deploy,
  }),
];

type Entry<Counted extends string> = Omit<ProofEntry, 'counts' | 'load'> & {
  readonly counts: Readonly<Record<Counted, Count>>;
  load(): Promise<Proof<Counted>>;
};

/** Holds the counts of the table and those that the program reads to the same names. */
function entry<Counted extends string>(one: Entry<Counted>): ProofEntry {
  return one;
}
