import { readdir, readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIntoTemporaryFolder } from './stand.ts';

let built: Awaited<ReturnType<typeof buildIntoTemporaryFolder>>;

beforeAll(async () => {
  built = await buildIntoTemporaryFolder();
});

afterAll(() => built.remove());

/** What esbuild says about one bundle: the files in it that take any room, and the modules that it loads. */
function contentsOf(name: string) {
  const output = Object.entries(built.metafile.outputs).find(([path]) => path.endsWith(`/${name}.cjs`))?.[1];
  const inputs = Object.entries(output?.inputs ?? {});
  return {
    files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
    imports: (output?.imports ?? []).map(({ path, kind }) => ({ path, kind })),
  };
}

const [dynamoDb, secretsManager, sqs] = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sqs',
];

describe.each([
  {
    name: 'receive-webhook',
    maximumBytes: 175_000,
    clients: [secretsManager, sqs],
    foreign: /^lib\/(delivery|connectly)\//,
  },
  {
    name: 'send-message',
    maximumBytes: 272_000,
    clients: [dynamoDb, secretsManager, sqs],
    foreign: /^lib\/webhook\//,
  },
  {
    name: 'settle-send',
    maximumBytes: 232_000,
    clients: [dynamoDb, sqs],
    foreign: /^lib\/(webhook|connectly)\//,
  },
])('the bundle of $name', ({ name, maximumBytes, clients, foreign }) => {
  it(`is at most ${maximumBytes} bytes`, async () => {
    const { length } = await readFile(built.bundle(name));

    expect(length).toBeLessThanOrEqual(maximumBytes);
  });

  it('is CommonJS with a handler, and a source map that holds no sources', async () => {
    const text = await readFile(built.bundle(name), 'utf8');
    const map: unknown = JSON.parse(await readFile(`${built.bundle(name)}.map`, 'utf8'));

    expect(text).toMatch(/module\.exports\s*=/);
    expect(text).not.toMatch(/^\s*(import|export)\s/m);
    expect(Object(map).sourcesContent).toBeUndefined();
  });

  it('loads nothing but what Node brings along', () => {
    const { imports } = contentsOf(name);

    const others = imports.filter(({ path }) => !/^(node:)?[a-z_]+(\/[a-z_]+)?$/.test(path));
    expect(imports.length).toBeGreaterThan(0);
    expect(others).toEqual([]);
  });

  it('holds the AWS clients that it uses and no other', () => {
    const { files } = contentsOf(name);

    const found = files.flatMap((path) => /@aws-sdk\/client-[a-z-]+/.exec(path) ?? []);
    expect([...new Set(found)].toSorted()).toEqual(clients);
  });

  it(`holds no more of zod than ${name} uses`, () => {
    // `import { z }` would bring all of it, in every language.
    const { files } = contentsOf(name);

    expect(files.filter((path) => /zod\/v4\/(classic|locales)\//.test(path))).toEqual([]);
  });

  it('looks for settings and credentials in no file', async () => {
    const text = await readFile(built.bundle(name), 'utf8');

    expect(text).not.toMatch(/AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|AWS_PROFILE/);
  });

  it('goes through no proxy: what knows of those stays with the command line', async () => {
    const { files } = contentsOf(name);
    const text = await readFile(built.bundle(name), 'utf8');

    expect(files.filter((path) => /node_modules\/(agent-base|https-proxy-agent|debug)\//.test(path))).toEqual(
      [],
    );
    expect(text).not.toMatch(/https?_proxy/i);
  });

  it('holds no source of the local stack, of the command line, of tests or of another function', () => {
    const { files } = contentsOf(name);

    const strange = files.filter((path) => /^(local|cli|test|bench)\//.test(path) || foreign.test(path));
    const ownFunctions = files.filter((path) => path.startsWith('functions/'));
    expect(strange).toEqual([]);
    expect(ownFunctions).toEqual([`functions/${name}.ts`]);
  });
});

it('every file of lib/ that is more than types is in a bundle: what is not deployed lives elsewhere', async () => {
  const names = await readdir('lib', { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => `lib/${name}`);
  const bundled = new Set(Object.keys(built.metafile.inputs));

  const missing = files.filter((file) => !bundled.has(file));
  const code = await Promise.all(
    missing.map(async (file) => transform(await readFile(file), { loader: 'ts' })),
  );

  expect(missing.filter((_, index) => code[index]?.code !== '')).toEqual([]);
});
