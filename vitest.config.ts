import { devNull } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of single modules that start processes, or need one of their own. */
const withProcesses = ['test/unit/local/aws/lambda/**/*.test.ts', 'test/unit/message/bounds.test.ts'];

/** Tests of the built functions that wait for time-outs. */
const slowFunctions = 'test/functions/slow/**/*.test.ts';

/** Commands run in the process of a test: nobody's account is to be found there, whoever is signed in. */
const nobodysAccount = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_SESSION_TOKEN: '',
  AWS_PROFILE: '',
  AWS_WEB_IDENTITY_TOKEN_FILE: '',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: '',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

export default defineConfig({
  test: {
    env: {
      // The SDK's notice that it will leave Node 20 behind would drown the results.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...nobodysAccount,
    },
    testTimeout: 30_000,
    // A stack starts within seconds, and on a busy machine within many.
    hookTimeout: 60_000,
    // Many tests wait for processes: one worker, which is the default on two cores, would leave them idle.
    maxWorkers: 2,
    globalSetup: 'test/support/package-once.ts',
    experimental: { fsModuleCache: true },
    coverage: {
      provider: 'v8',
      include: ['functions/**', 'lib/**', 'connectly-events/**', 'local/**', 'cli/**'],
    },
    // `npm test` runs the first three, `npm run test:all` the others, too.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract,template}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...withProcesses],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'runtime',
          include: ['test/functions/**/*.test.ts', ...withProcesses],
          exclude: [...configDefaults.exclude, slowFunctions],
        },
      },
      {
        extends: true,
        test: { name: 'stack', include: ['test/stack/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts', slowFunctions],
          // They wait more than they compute.
          maxWorkers: 5,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'proofs',
          include: ['test/proofs/**/*.test.ts'],
          // They compute, and would keep from its processor whatever waits for a stack beside them.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
