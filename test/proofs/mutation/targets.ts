/** Modules that are mutated together, and the tests that stand beside them. */
export interface Target {
  readonly name: string;
  /** Patterns: of what is mutated, and of the tests that must notice. */
  readonly files: string;
  readonly tests: string;
}

const folders = ['aws', 'compose', 'connectly', 'delivery', 'message', 'secrets', 'webhook'];

/** All that is deployed. */
export const targets: readonly Target[] = [
  ...folders.map((folder) => ({
    name: `lib/${folder}`,
    files: `lib/${folder}/**/*.ts`,
    tests: `test/unit/${folder}/**/*.test.ts`,
  })),
  // What lies in no folder. The test of layers reads sources, which Stryker has changed.
  { name: 'lib', files: 'lib/*.ts', tests: 'test/unit/!(layering).test.ts' },
];

/** Whether a file is mutated with a target. */
export function isOf({ name }: Target, file: string): boolean {
  return file.startsWith(`${name}/`) && (name !== 'lib' || !file.slice('lib/'.length).includes('/'));
}
