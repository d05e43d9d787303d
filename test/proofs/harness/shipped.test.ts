import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { buildFunctions } from '../../../build.mjs';
import { scripted } from '../../support/scripted-clients.ts';
import { buildShipped } from './shipped.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const patient = { timeout: 60_000 };

describe('the functions of the proofs', () => {
  /** Its clock, its random numbers and its sockets: each proof has its own. */
  const onlyOnLambda = ['lib/aws/http-handler.ts', 'lib/compose/on-lambda.ts'];

  it('are what is deployed, file by file, but for the world of Lambda', patient, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'relay-modules-'));
    const { inputs } = await buildFunctions(directory);
    await rm(directory, { recursive: true, force: true });

    const { files } = await buildShipped(projectRoot);

    const deployed = Object.keys(inputs).filter((file) => file.startsWith('lib/'));
    expect(files.length).toBeGreaterThan(20);
    expect([...files, ...onlyOnLambda].toSorted()).toEqual(deployed.toSorted());
  });

  it.each([
    ['batches', ['lib/delivery/time.ts']],
    ['canaries', ['lib/connectly/vendor-errors.ts', 'lib/webhook/signature.ts']],
    ['rate', ['lib/message/attributes.ts']],
    ['rotation', ['lib/secrets/cache.ts']],
    ['sends', ['lib/message/attributes.ts']],
    ['webhooks', []],
  ])(
    'are all of lib that the proof %s is about; it takes no more than constants besides',
    async (name, besides) => {
      const { metafile } = await build({
        absWorkingDir: projectRoot,
        entryPoints: [`test/proofs/${name}/run.ts`],
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
        write: false,
        metafile: true,
      });

      const found = Object.entries(metafile.inputs)
        .filter(([file]) => file.startsWith('test/proofs/'))
        .flatMap(([, { imports }]) => imports.map(({ path }) => path))
        .filter((path) => path.startsWith('lib/'));
      expect([...new Set(found)].toSorted()).toEqual(besides);
    },
  );

  it.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env.HOME',
    'console.log()',
    'performance.now()',
  ])('cannot reach for %s past what they are handed', async (reach) => {
    const file = 'lib/compose/receive-webhook.ts';
    const find = 'const now = () => clock.now();';
    const shipped = await buildShipped(projectRoot, [{ file, find, replace: `${find} ${reach};` }]);
    const surroundings = {
      variables: {
        STAGE: 'test',
        EVENTS_QUEUE_URL: 'events',
        OUTCOMES_QUEUE_URL: 'outcomes',
        WEBHOOK_SECRET_ARN: 'secret',
      },
      clock: { now: () => 0, after: () => () => {} },
      write: () => {},
      sqs: scripted.sqs(() => Promise.resolve({})),
      secretsManager: scripted.secretsManager(() => Promise.resolve({})),
    };

    const start = () => shipped.start('receive-webhook', surroundings);

    expect(start).toThrow('instead of what lib/compose is handed');
  });
});
