import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTree } from '../../../cli/command-tree.ts';

const root = new URL('../../../', import.meta.url);
const words = Object.keys(commandTree).join('|');

/** A command that stands where one is named, and not within a sentence about `relay bulk`. */
const bare = new RegExp(`(?:[:?,] |, or |[\`'"(])relay (?:${words})\\b`);

/** The lines of a source that name a command to paste, and one that no shell knows. */
function bareCommandsIn(source: string): string[] {
  const lines = source.split('\n').filter((line) => !/^\s*(?:\*|\/\*\*|\/\/)/.test(line));
  return lines.filter((line) => bare.test(line));
}

describe('the commands that words name', () => {
  it.each(['cli', 'lib', 'functions', 'resources'])(
    'can be pasted, since they begin with npx: %s',
    (folder) => {
      const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });

      const found = files
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => bareCommandsIn(readFileSync(new URL(`${folder}/${file}`, root), 'utf8')));

      expect(found).toEqual([]);
    },
  );

  it.each([
    ["'Fill it: relay secrets set'", 1],
    ['`relay doctor ${options}`', 1],
    ["'Fill it: npx relay secrets set'", 0],
    ["'Another relay bulk is at work'", 0],
    ['/** `relay dlq ls` */', 0],
  ])('would be noticed otherwise: %s', (source, count) => {
    expect(bareCommandsIn(source)).toHaveLength(count);
  });
});
