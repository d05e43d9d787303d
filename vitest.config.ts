import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The SDK's notice that it will leave Node 20 behind would drown the results.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 30_000,
    // Many tests wait for processes: one worker, which is the default on two cores, would leave them idle.
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['functions/**', 'lib/**', 'local/**', 'cli/**'] },
  },
});
