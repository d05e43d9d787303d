import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of single modules that start processes. */
const withProcesses = 'test/unit/local/aws/lambda/**/*.test.ts';

export default defineConfig({
  test: {
    // The SDK's notice that it will leave Node 20 behind would drown the results.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 30_000,
    // Many tests wait for processes: one worker, which is the default on two cores, would leave them idle.
    maxWorkers: 2,
    globalSetup: 'test/support/package-once.ts',
    experimental: { fsModuleCache: true },
    coverage: {
      provider: 'v8',
      include: ['functions/**', 'lib/**', 'connectly-events/**', 'local/**', 'cli/**'],
    },
    // `npm test` runs all but `slow`, which `npm run test:all` adds.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract,template}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, withProcesses],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'runtime', include: ['test/functions/**/*.test.ts', withProcesses] },
      },
      {
        extends: true,
        test: { name: 'stack', include: ['test/stack/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/{slow,proofs}/**/*.test.ts'],
          // They wait more than they compute.
          maxWorkers: 6,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
