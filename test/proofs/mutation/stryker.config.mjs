/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['lib/webhook/**/*.ts', 'lib/delivery/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/proofs/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A mutant in code that runs once, at import, would need all tests anew; they are counted.
  ignoreStatic: true,
  // Stryker would rewrite it with TypeScript's compiler API, which TypeScript 7 does not have; Vitest does not need it.
  tsconfigFile: 'none',
  ignorePatterns: ['build', '.serverless', '.relay', 'coverage', 'reports'],
  concurrency: 2,
  reporters: ['progress', 'json', 'html'],
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  tempDirName: '.stryker-tmp',
  thresholds: { high: 100, low: 95, break: null },
};
