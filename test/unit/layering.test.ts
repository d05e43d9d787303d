import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenRules, circles } from './layering.ts';

const root = new URL('../../', import.meta.url);

const folders = ['functions', 'lib', 'resources', 'cli', 'local', 'connectly-events', 'client'];

/** The sources that the rules are about, by their path from the root. */
function sources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders.filter((name) => existsSync(new URL(name, root)))) {
    const entries = readdirSync(fileURLToPath(new URL(folder, root)), { recursive: true, encoding: 'utf8' });
    for (const entry of entries.filter((name) => /\.(tsx?|mjs)$/.test(name))) {
      const path = `${folder}/${entry.replaceAll('\\', '/')}`;
      found.set(path, readFileSync(new URL(path, root), 'utf8'));
    }
  }
  return found;
}

describe('the layers', () => {
  it('are kept by every source', () => {
    const files = sources();

    const broken = brokenRules(files);

    expect(files.has('lib/webhook/receive.ts')).toBe(true);
    expect(broken).toEqual([]);
  });

  it.each([
    ['lib/webhook/a.ts', "import { x } from '../../functions/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../../local/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../../cli/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../delivery/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../aws/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../connectly/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../config.ts';"],
    ['lib/webhook/a.ts', "import { readFile } from 'node:fs';"],
    ['lib/webhook/a.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['lib/delivery/a.ts', "import { x } from '../webhook/a.ts';"],
    ['lib/delivery/a.ts', "import type { x } from '../connectly/a.ts';"],
    ['lib/delivery/a.ts', "import { request } from 'node:https';"],
    ['lib/message/a.ts', "import { x } from '../logger.ts';"],
    ['lib/message/a.ts', "import { createHash } from 'node:crypto';"],
    ['lib/message/a.ts', "import x from 'lodash';"],
    ['lib/connectly/a.ts', "import { x } from '../aws/a.ts';"],
    ['lib/aws/a.ts', "import { x } from '../connectly/a.ts';"],
    ['lib/a.ts', "export { x } from './aws/a.ts';"],
    ['local/connectly/a.ts', "import { x } from '../../lib/message/a.ts';"],
    ['local/connectly/a.ts', "import { x } from '../aws/a.ts';"],
    ['lib/connectly/a.ts', "import { x } from '../../connectly-events/a.ts';"],
    ['functions/a.ts', "import { x } from '../connectly-events/a.ts';"],
    ['connectly-events/a.ts', "import { x } from '../lib/message/a.ts';"],
    ['connectly-events/a.ts', "import { x } from '../local/connectly/a.ts';"],
    ['connectly-events/a.ts', "import { readFile } from 'node:fs';"],
    ['local/aws/sqs/a.ts', "import { x } from '../../stack/a.ts';"],
    ['local/aws/sqs/a.ts', "import { x } from '../../connectly/a.ts';"],
    ['local/template/a.ts', "import { x } from '../aws/a.ts';"],
    ['local/clock.ts', "import { x } from './aws/a.ts';"],
    ['local/aws/sqs/a.ts', "import { x } from '../../../functions/a.ts';"],
    ['local/aws/sqs/a.ts', "import { x } from '../../../cli/a.ts';"],
    ['cli/a.ts', "import { x } from '../functions/a.ts';"],
    ['lib/webhook/a.ts', "import { x } from '../../resources/a.ts';"],
    ['resources/a.ts', "import { x } from '../local/a.ts';"],
    ['resources/a.ts', 'const email = process.env.ALARM_EMAIL;'],
    ['functions/a.ts', "import { x } from '../local/a.ts';"],
    ['functions/a.ts', "import { x } from './b.ts';"],
    ['functions/a.ts', "import { x } from '../lib/delivery/a.ts';"],
    ['lib/aws/a.ts', "import type { x } from '../compose/a.ts';"],
    ['lib/config.ts', "import { x } from './compose/a.ts';"],
    ['lib/compose/a.ts', "import { x } from '../../functions/a.ts';"],
    ['lib/compose/a.ts', 'const level = process.env.LOG_LEVEL;'],
    ['lib/webhook/a.ts', "import '../../local/a.ts';"],
    ['lib/webhook/a.ts', "import {\n  x,\n} from '../../local/a.ts';"],
    ['lib/webhook/a.ts', "export * from '../../local/a.ts';"],
    ['lib/webhook/a.ts', "export type { X } from '../../local/a.ts';"],
    ['lib/webhook/a.ts', "const x = await import('../../local/a.ts');"],
    ['lib/webhook/a.ts', 'type X = import("../../local/a.ts").X;'],
    ['lib/webhook/a.ts', "const x = require('../../local/a.ts');"],
    ['lib/webhook/a.ts', "import x from '../../local/a.json' with { type: 'json' };"],
    ['lib/webhook/a.ts', 'const level = process.env.LOG_LEVEL;'],
    ['lib/config.ts', "const level = process['env'].LOG_LEVEL;"],
    ['lib/config.ts', "import { env } from 'node:process';"],
    ['cli/console/page/a.tsx', "import { readFile } from 'node:fs';"],
    ['cli/console/page/a.tsx', "import { x } from '../../target/a.ts';"],
    ['cli/a.ts', 'const profile = process.env.AWS_PROFILE;'],
    ['cli/a.ts', "process.stdout.write('');"],
    ['cli/a.ts', "process.on('SIGINT', () => {});"],
  ])('are broken by %s with %s', (path, text) => {
    const broken = brokenRules(new Map([[path, text]]));

    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(path);
  });

  it.each([
    ['functions/a.ts', "import { x } from '../lib/compose/a.ts';\nconst level = process.env.LOG_LEVEL;"],
    ['functions/a.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['lib/webhook/a.ts', "import { x } from '../message/a.ts';\nimport { createHmac } from 'node:crypto';"],
    [
      'lib/webhook/a.ts',
      "import { x } from './b.ts';\nimport { y } from '../errors.ts';\nimport { z } from '../logger.ts';",
    ],
    ['lib/message/a.ts', "import * as z from 'zod/mini';\nimport { y } from '../errors.ts';"],
    [
      'lib/aws/a.ts',
      "import type { x } from '../delivery/a.ts';\nimport { SQSClient } from '@aws-sdk/client-sqs';",
    ],
    [
      'lib/connectly/a.ts',
      "import { request } from 'node:https';\nimport type { x } from '../delivery/a.ts';",
    ],
    ['lib/compose/a.ts', "import { x } from '../connectly/a.ts';\nimport { y } from '../aws/b.ts';"],
    ['resources/a.ts', "import { x } from '../lib/metrics.ts';"],
    ['local/stack/stack.ts', "import { x } from '../lib/webhook/a.ts';\nconst home = process.env.HOME;"],
    [
      'local/connectly/a.ts',
      "import type { Clock } from '../clock.ts';\nimport { x } from '../../connectly-events/a.ts';",
    ],
    ['cli/a.ts', "import { x } from '../local/a.ts';\nimport { y } from '../lib/connectly/a.ts';"],
    ['cli/a.ts', 'const name = `${process.pid} ${process.versions.node}`;'],
    ['cli/console/page/a.tsx', "import { h } from 'preact';\nimport { x } from './b.tsx';"],
    ['cli/relay.mjs', 'const { env } = process;\nconst { argv } = process;\nprocess.exit(process.env.CODE);'],
    ['lib/webhook/a.ts', "// see '../../local/a.ts', and process.env\nconst from = 'elsewhere';"],
  ])('are not broken by %s with %s', (path, text) => {
    const broken = brokenRules(new Map([[path, text]]));

    expect(broken).toEqual([]);
  });
});

describe('a circle of imports', () => {
  it('is in no source', () => {
    const found = circles(sources());

    expect(found).toEqual([]);
  });

  it.each([
    ['of values', "import { b } from './b.ts';"],
    ['of types', "import type { B } from './b.ts';"],
    ['of types within a line of values', "import { x, type B } from './b.ts';"],
    ['of what is passed on', "export * from './b.ts';"],
    ['of what is loaded late', "const load = () => import('./b.ts');"],
  ])('is found: one %s', (_, text) => {
    const files = new Map([
      ['lib/a.ts', text],
      ['lib/b.ts', "import { c } from './inner/c.tsx';"],
      ['lib/inner/c.tsx', "import type { A } from '../a.ts';"],
      ['lib/d.ts', "import { a } from './a.ts';"],
    ]);

    const found = circles(files);

    expect(found).toEqual([['lib/a.ts', 'lib/b.ts', 'lib/inner/c.tsx']]);
  });

  it('is found when a file imports itself', () => {
    const found = circles(new Map([['lib/a.ts', "import { a } from './a.ts';"]]));

    expect(found).toEqual([['lib/a.ts']]);
  });

  it('is not made by files that import the same', () => {
    const files = new Map([
      ['lib/a.ts', "import { b } from './b.ts';\nimport { c } from './c.ts';"],
      ['lib/b.ts', "import { c } from './c.ts'; // as './a.ts'"],
      ['lib/c.ts', "import { z } from 'zod';"],
    ]);

    const found = circles(files);

    expect(found).toEqual([]);
  });
});
