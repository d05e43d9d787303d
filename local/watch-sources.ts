import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

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
  const watchers: FSWatcher[] = ['functions', 'lib'].map((folder) =>
    watch(join(projectRoot, folder), { recursive: true }, (_, file) => {
      if (file === null || file.endsWith('.ts')) code.changed();
    }),
  );
  // The folder, not the file: editors replace files, and a watch on the old one would go blind.
  watchers.push(
    watch(projectRoot, (_, file) => {
      if (file === 'serverless.yml') template.changed();
    }),
  );
  return () => {
    for (const watcher of watchers) watcher.close();
    code.cancel();
    template.cancel();
  };
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
