import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import * as z from 'zod';
import { asItIs, type NoticedDefect, patternOf, type TestEnd } from './named-tests.ts';
import { type Change, changedText } from './planted-changes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A plugin of Vite that changes one source as it is loaded. */
function plant(change: Change) {
  return {
    name: 'plant',
    enforce: 'pre' as const,
    transform: (code: string, path: string) =>
      path === join(root, change.file) ? changedText(code, change) : undefined,
  };
}

/** Tells what became of each test with each defect: Vitest's own reports leave out in which project a test was run. */
const reporter: Reporter = {
  onTestRunEnd(modules) {
    const ends = modules.flatMap((module) =>
      Array.from(module.children.allTests(), (test): TestEnd => {
        const { state, errors = [] } = test.result();
        return {
          planted: module.project.name,
          file: module.relativeModuleId,
          fullName: test.fullName,
          state,
          messages: errors.map(({ name, message }) => `${name}: ${message}`),
        };
      }),
    );
    writeFileSync(process.env['PLANTED_REPORT'] ?? 'planted.json', JSON.stringify(ends));
  },
};

/** The tests that the defects name: with each of them in a project of its own, and in one without any. */
export function namedTestsConfig(defects: readonly NoticedDefect[]): ViteUserConfig {
  const copies = z
    .partialRecord(z.string(), z.string())
    .parse(JSON.parse(process.env['PLANTED_COPIES'] ?? '{}'));
  const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return defineConfig({
    root,
    test: {
      env,
      testTimeout: 30_000,
      testNamePattern: new RegExp(defects.map(({ noticedBy }) => patternOf(noticedBy)).join('|')),
      maxWorkers: 2,
      reporters: [reporter],
      projects: [
        {
          extends: true,
          test: { name: asItIs, include: [...new Set(defects.map(({ noticedBy }) => noticedBy.file))] },
        },
        ...defects.map(({ name, changes, noticedBy }) => ({
          extends: true as const,
          plugins: changes.map(plant),
          test: {
            name,
            include: [noticedBy.file],
            // Where test/functions/stand.ts takes the functions from.
            env: { ...env, FUNCTIONS_ROOT: copies[name] ?? root },
          },
        })),
      ],
    },
  });
}
