import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTree } from '../../../cli/command-tree.ts';
import { commandReference } from '../../../cli/reference.ts';
import { allCommands } from '../../support/cli-commands.ts';

describe('the reference of the command line', () => {
  it('is what docs/cli.md says: after a change, npm run docs:cli', async () => {
    const written = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

    const reference = await commandReference();

    expect(written).toBe(reference);
  });

  it('has defaults as they are typed', async () => {
    const reference = await commandReference();

    expect(reference).toMatch(/`--since <duration>`.*\(default `10m`\)/);
  });

  it('has every command, with its examples', async () => {
    const reference = await commandReference();

    for (const { name, load } of allCommands()) {
      expect(reference).toContain(`\n## relay ${name}\n`);
      for (const example of (await load()).examples) expect(reference).toContain(`\nnpx relay ${example}\n`);
    }
  });
});

describe('the commands', () => {
  it('lie each in the folder of the word that is typed', () => {
    const load = /import\('\.\/([^/]+)\/[^']+'\)/g;
    const tree = readFileSync(new URL('../../../cli/command-tree.ts', import.meta.url), 'utf8');

    const folders = new Set(Array.from(tree.matchAll(load), ([, folder = '']) => folder));

    expect(folders).toEqual(new Set(Object.keys(commandTree)));
  });

  it('have no option that is a global one, too', async () => {
    const reference = await commandReference();
    const [globals = '', ...commands] = reference.split('\n## relay ');

    const names = Array.from(globals.matchAll(/^\| `(--[a-z-]+)/gm), ([, name = '']) => name);
    const repeated = names.filter((name) => commands.some((command) => command.includes(`| \`${name}`)));

    expect(names).toContain('--stage');
    expect(repeated).toEqual([]);
  });
});
