import { inFile } from '../harness/planted-changes.ts';
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
    changes: inFile(receive, 'await secrets.refreshed();', 'await secrets.current();'),
  },
  {
    name: 'refuses while a newer secret may exist that could not be read',
    where: 'webhook-hurried-throttled',
    changes: inFile(
      receive,
      "return stale ? { status: 503, result: 'secret-stale' } : { status: 401, result: 'signature-wrong' };",
      "return { status: 401, result: 'signature-wrong' };",
    ),
  },
  {
    name: 'refuses when there is no secret at all',
    where: 'webhook-outage',
    changes: inFile(
      receive,
      "return { status: 503, result: 'secret-unavailable', cause };",
      "return { status: 401, result: 'signature-wrong' };",
    ),
  },
  {
    name: 'takes the first of several secrets for the only one',
    where: 'webhook-documented',
    changes: inFile('lib/webhook/secrets.ts', 'return list;', 'return list.slice(0, 1);'),
  },
  {
    name: 'refreshes as often as somebody asks',
    where: 'webhook-documented',
    changes: inFile(cache, 'triedWithin(refreshIntervalMs) ? serve(old) : refresh()', 'refresh()'),
  },
  {
    name: 'never asks again for a secret that it has',
    where: 'webhook-documented-quiet',
    changes: inFile(cache, 'since(cached.fetchedAt) < timeToLiveMs', 'true'),
  },
  {
    name: 'forgets a secret when it cannot be read again',
    where: 'webhook-outage',
    changes: inFile(
      cache,
      "if (cause instanceof RelayError && cause.code === 'secret-not-set') cached = undefined;",
      'cached = undefined;',
    ),
  },
  {
    name: 'serves an old secret for ever',
    where: 'webhook-outage',
    changes: inFile(cache, 'const serveStaleMs = 24 * 60 * 60 * 1000;', 'const serveStaleMs = Infinity;'),
  },
  {
    name: 'does not look for a newer key after a 401',
    where: 'key-mid-batch',
    changes: inFile(
      sender,
      'const renewed = await keyFrom(() => apiKeys.refreshed());',
      'const renewed = await keyFrom(() => apiKeys.current());',
    ),
  },
  {
    name: 'goes on with a key that it knows to be refused',
    where: 'key-mid-batch',
    changes: inFile(sender, "'key' in latest && refusedKeys.has(latest.key)", 'false'),
  },
  {
    name: 'gives messages up that met a refused key',
    where: 'key-stored-late',
    changes: inFile('lib/connectly/answer.ts', "401: 'configuration',", "401: 'refused',"),
  },
  {
    name: 'forgets messages that met a refused key',
    where: 'key-stored-late',
    changes: inFile(
      'lib/delivery/deliver.ts',
      'return { acknowledge: false, retryInSeconds };',
      'return { acknowledge: true, retryInSeconds };',
    ),
  },
  {
    name: 'goes on sending while the key is refused',
    where: 'key-stored-late',
    changes: inFile('lib/delivery/outcome.ts', "business: 'refuses-business',", "business: 'nothing',"),
  },
  {
    name: 'keeps the time of its start',
    where: 'webhook-documented-quiet',
    changes: inFile(
      'lib/compose/receive-webhook.ts',
      'const now = () => clock.now();',
      'const started = clock.now();\n  const now = () => started;',
    ),
  },
];
