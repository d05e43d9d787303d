import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join, sep } from 'node:path';

/** Editors write a file in several steps; one change is told once they have been quiet for so long, in milliseconds. */
const quietMs = 150;

export interface SourceChanges {
  /** Something that the bundles are made of. */
  readonly onCode: () => void;
  /** The template. */
  readonly onTemplate: () => void;
}

/** Watches what the stack is built from. The returned function ends it. */
export function watchSources(projectRoot: string, { onCode, onTemplate }: SourceChanges): () => void {
  const code = afterQuiet(onCode);
  const template = afterQuiet(onTemplate);
  const stopWatching = [
    ...['functions', 'lib'].map((folder) => watchTree(join(projectRoot, folder), () => code.changed())),
    watchTree(join(projectRoot, 'resources'), () => template.changed()),
  ];
  // The folder, not the file: editors replace files, and a watch on the old one would go blind.
  const root = watch(projectRoot, (_, file) => {
    if (file === 'serverless.yml') template.changed();
  });
  return () => {
    root.close();
    for (const stop of stopWatching) stop();
    code.cancel();
    template.cancel();
  };
}

/**
 * Watches each folder of a tree by itself. Node's own recursive watch follows files on Linux, and on Node 20 goes blind
 * for one that an editor has replaced.
 */
function watchTree(top: string, changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();

  function add(folder: string): void {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_, name) => onEvent(folder, name));
      watcher.on('error', () => forget(folder));
      watchers.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) add(join(folder, entry.name));
      }
    } catch {
      // It has gone again.
      forget(folder);
    }
  }

  function forget(folder: string): void {
    for (const [each, watcher] of watchers) {
      if (each !== folder && !each.startsWith(folder + sep)) continue;
      watcher.close();
      watchers.delete(each);
    }
  }

  function onEvent(folder: string, name: string | null): void {
    if (name === null) {
      changed();
      return;
    }
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) forget(path);
    else if (found.isDirectory()) add(path);
    // A folder may have come or gone with sources in it.
    if (/\.(ts|yml|mjs)$/.test(name) || found?.isFile() !== true) changed();
  }

  add(top);
  return () => forget(top);
}

function afterQuiet(run: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(run, quietMs);
    },
    cancel: () => clearTimeout(timer),
  };
}
