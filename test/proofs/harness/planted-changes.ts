import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A piece of a source that stands in the way of a defect, and what stands there once it is planted. */
export interface Change {
  /** From the project's root. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string | RegExp;
  readonly replace: string;
}

/** The one change of a defect that needs no more. */
export function inFile(file: string, find: Change['find'], replace: string): readonly [Change] {
  return [{ file, find, replace }];
}

/** Throws for a text that does not have exactly one place for the change. */
export function changedText(text: string, { file, find, replace }: Change): string {
  const places =
    typeof find === 'string' ? text.split(find).length - 1 : [...text.matchAll(global(find))].length;
  if (places !== 1) throw new Error(`${file} has ${places} of ${String(find)}, not one.`);
  return text.replace(find, () => replace);
}

const global = (pattern: RegExp) => new RegExp(pattern, 'g');

/**
 * A plugin of esbuild that changes sources while they are bundled. The build fails when a change does not fit, or when
 * its file is not in the bundle: a defect that was never planted could not be noticed. `projectRoot` is a path.
 */
export function plantChanges(changes: readonly Change[], projectRoot: string): Plugin {
  return {
    name: 'plant-changes',
    setup(context) {
      const planted = new Set<Change>();
      context.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const change of changes.filter(({ file }) => path === join(projectRoot, file))) {
          contents = changedText(contents, change);
          planted.add(change);
        }
        return { contents, loader: 'ts' };
      });
      context.onEnd(() => {
        const missing = changes.filter((change) => !planted.has(change));
        return { errors: missing.map(({ file }) => ({ text: `${file} is not in the bundle` })) };
      });
    },
  };
}
