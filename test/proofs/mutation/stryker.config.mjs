/** A pattern, and the file to report to: run.ts gives them, and those of the tests to vitest.config.ts. */
const { MUTATED_FILES: files = '', MUTATION_REPORT: report = '' } = process.env;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [files],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/proofs/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A mutant in code that runs once, at import, would need all tests anew; they are counted.
  ignoreStatic: true,
  // Stryker would rewrite it with TypeScript's compiler API, which TypeScript 7 does not have; Vitest does not need it.
  tsconfigFile: 'none',
  ignorePatterns: ['build', '.serverless', '.relay', 'coverage'],
  concurrency: 2,
  // On a busy machine a test is slow long before a change has made it endless.
  timeoutMS: 15_000,
  reporters: ['progress', 'json', 'html'],
  jsonReporter: { fileName: report },
  htmlReporter: { fileName: report.replace(/json$/, 'html') },
  // Below build/ no formatter finds a second biome.json.
  tempDirName: 'build/stryker',
  thresholds: { high: 100, low: 95, break: null },
};
