import { configDefaults, defineConfig } from 'vitest/config';

/** The tests that stand beside the mutated modules: what only an end-to-end test notices counts as a survivor. */
export default defineConfig({
  test: {
    include: [process.env['MUTATED_TESTS'] ?? ''],
    // Counts what runs, and Stryker's own lines run, too.
    exclude: [...configDefaults.exclude, 'test/unit/message/bounds.test.ts'],
    // Instrumented code is slow, and a test that runs out of time counts as a change that was noticed.
    testTimeout: 30_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
