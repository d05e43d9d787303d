import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const directory = new URL('../../../../local/connectly/', import.meta.url);
const files = readdirSync(directory);

test.each(files)(
  '%s imports nothing but node, the clock, the guard of this machine and its neighbours',
  (file) => {
    const source = readFileSync(new URL(file, directory), 'utf8');

    const found = source.matchAll(
      /\bfrom '([^'\n]+)';$|^import '([^'\n]+)'|\b(?:import|require)\('([^'\n]+)'\)/gm,
    );
    const imported = [...found].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? '');

    expect(
      imported.filter((path) => !/^(node:[a-z/]+|\.\/[a-z-]+\.ts|\.\.\/(clock|loopback)\.ts)$/.test(path)),
    ).toEqual([]);
  },
);
