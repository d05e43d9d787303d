import type { Defect } from '../harness/proof.ts';
import type { SceneName } from './scenes.ts';

const receive = 'lib/webhook/receive.ts';
const cache = 'lib/secrets/cache.ts';
const sender = 'lib/connectly/sender.ts';

/** The shipped modules with one thing wrong in each: a line changed. */
export const defects: readonly Defect<SceneName>[] = [
  {
    name: 'does not look for a newer secret before it refuses',
    where: 'webhook-hurried',
    changes: [{ file: receive, find: 'await secrets.refreshed();', replace: 'await secrets.current();' }],
  },
  {
    name: 'refuses while a newer secret may exist that could not be read',
    where: 'webhook-hurried-throttled',
    changes: [
      {
        file: receive,
        find: "return stale ? { status: 503, result: 'secret-stale' } : { status: 401, result: 'signature-wrong' };",
        replace: "return { status: 401, result: 'signature-wrong' };",
      },
    ],
  },
  {
    name: 'refuses when there is no secret at all',
    where: 'webhook-outage',
    changes: [
      {
        file: receive,
        find: "return { status: 503, result: 'secret-unavailable', cause };",
        replace: "return { status: 401, result: 'signature-wrong' };",
      },
    ],
  },
  {
    name: 'takes the first of several secrets for the only one',
    where: 'webhook-documented',
    changes: [{ file: 'lib/webhook/secrets.ts', find: 'return list;', replace: 'return list.slice(0, 1);' }],
  },
  {
    name: 'refreshes as often as somebody asks',
    where: 'webhook-documented',
    changes: [{ file: cache, find: 'since(attemptedAt) < refreshIntervalMs', replace: 'false' }],
  },
  {
    name: 'never asks again for a secret that it has',
    where: 'webhook-documented-quiet',
    changes: [{ file: cache, find: 'since(cached.fetchedAt) < timeToLiveMs', replace: 'true' }],
  },
  {
    name: 'forgets a secret when it cannot be read again',
    where: 'webhook-outage',
    changes: [
      {
        file: cache,
        find: "if (cause instanceof RelayError && cause.code === 'secret-not-set') cached = undefined;",
        replace: 'cached = undefined;',
      },
    ],
  },
  {
    name: 'serves an old secret for ever',
    where: 'webhook-outage',
    changes: [
      {
        file: cache,
        find: 'const serveStaleMs = 24 * 60 * 60 * 1000;',
        replace: 'const serveStaleMs = Infinity;',
      },
    ],
  },
  {
    name: 'does not look for a newer key after a 401',
    where: 'key-mid-batch',
    changes: [
      {
        file: sender,
        find: 'const renewed = await keyFrom(() => apiKeys.refreshed());',
        replace: 'const renewed = await keyFrom(() => apiKeys.current());',
      },
    ],
  },
  {
    name: 'goes on with a key that it knows to be refused',
    where: 'key-mid-batch',
    changes: [{ file: sender, find: "'key' in latest && refusedKeys.has(latest.key)", replace: 'false' }],
  },
  {
    name: 'gives messages up that met a refused key',
    where: 'key-stored-late',
    changes: [
      {
        file: 'lib/connectly/answer.ts',
        find: 'if (isConfigurationFault(status, body))',
        replace: 'if (false)',
      },
    ],
  },
  {
    name: 'forgets messages that met a refused key',
    where: 'key-stored-late',
    changes: [
      {
        file: 'lib/delivery/deliver.ts',
        find: 'return { acknowledge: false, retryInSeconds };',
        replace: 'return { acknowledge: true, retryInSeconds };',
      },
    ],
  },
  {
    name: 'goes on sending while the key is refused',
    where: 'key-stored-late',
    changes: [
      {
        file: 'lib/delivery/outcome.ts',
        find: "if (outcome.configurationFault === 'business') return { ...saysNothing, business: 'hopeless' };",
        replace: 'if (outcome.configurationFault) return saysNothing;',
      },
    ],
  },
  {
    name: 'keeps the time of its start',
    where: 'webhook-documented-quiet',
    changes: [
      {
        file: 'lib/compose/receive-webhook.ts',
        find: 'const now = () => clock.now();',
        replace: 'const started = clock.now();\n  const now = () => started;',
      },
    ],
  },
];
