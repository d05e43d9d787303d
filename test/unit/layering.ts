import { posix } from 'node:path';

interface Layer {
  /** The beginning of the paths that it is about; the first layer that fits a file is its own. */
  readonly of: string;
  /** What it may import: beginnings of paths from the root, or of package names; `node:` for all of Node. */
  readonly mayImport: readonly string[];
  readonly mayReadEnvironment?: true;
  /** False where streams, signals, arguments and exit are handed in, too. */
  readonly mayTouchProcess?: false;
}

const pure = ['node:crypto', 'node:buffer'];
const shared = ['lib/errors.ts', 'lib/log-fields.ts', 'lib/logger.ts'];
/** Of the local stack. */
const groundFloor = ['clock', 'bounded-list', 'loopback', 'port-error', 'is-alive', 'read-json'].map(
  (name) => `local/${name}.ts`,
);

/** Arrows point one way. What is not said here is forbidden. */
const layers: readonly Layer[] = [
  {
    of: 'functions/',
    // Settings and clients, nothing to decide: the HTTP client is Connectly's as the SDK's are AWS's.
    mayImport: [
      'lib/compose/',
      'lib/config.ts',
      'lib/connectly/http.ts',
      'lib/aws/http-handler.ts',
      '@aws-sdk/',
      'aws-lambda',
      'node:',
    ],
    mayReadEnvironment: true,
  },
  { of: 'lib/compose/', mayImport: ['lib/', '@aws-sdk/', 'aws-lambda', 'node:crypto'] },
  { of: 'lib/message/', mayImport: ['lib/message/', 'lib/errors.ts', 'zod'] },
  { of: 'lib/webhook/', mayImport: ['lib/webhook/', 'lib/message/', 'lib/secrets/', ...shared, ...pure] },
  // Which metrics an attempt counts in is for the delivery to say.
  { of: 'lib/delivery/', mayImport: ['lib/delivery/', 'lib/message/', 'lib/metrics.ts', ...shared, ...pure] },
  { of: 'lib/secrets/', mayImport: ['lib/secrets/', ...shared] },
  {
    of: 'lib/connectly/',
    mayImport: ['lib/connectly/', 'lib/delivery/', 'lib/message/', 'lib/secrets/', ...shared, 'node:', 'zod'],
  },
  {
    of: 'lib/aws/',
    mayImport: [
      'lib/aws/',
      'lib/delivery/',
      'lib/webhook/',
      'lib/message/',
      ...shared,
      'node:',
      '@aws-sdk/',
      '@smithy/node-http-handler',
      'aws-lambda',
    ],
  },
  // Log lines and metrics are one thing; what an error may tell is for errors.ts to say.
  { of: 'lib/logger.ts', mayImport: ['lib/log-fields.ts', 'lib/metrics.ts', 'lib/errors.ts'] },
  { of: 'lib/metrics.ts', mayImport: ['lib/log-fields.ts'] },
  { of: 'lib/log-fields.ts', mayImport: [] },
  { of: 'lib/', mayImport: ['lib/message/', ...shared] },
  // The fake shares nothing with what it judges: a misreading of the vendor's documentation is to show.
  {
    of: 'local/connectly/',
    mayImport: [
      'local/connectly/',
      'local/clock.ts',
      'local/loopback.ts',
      'local/read-json.ts',
      'connectly-events/',
      'node:',
      'zod',
    ],
  },
  {
    of: 'local/aws/',
    mayImport: ['local/aws/', 'local/template/', ...groundFloor, 'lib/', 'node:', '*'],
    mayReadEnvironment: true,
  },
  { of: 'local/template/', mayImport: ['local/template/', 'lib/', 'node:', '*'], mayReadEnvironment: true },
  // The top floor: it starts what the others are.
  { of: 'local/stack/', mayImport: ['local/', 'lib/', 'build.mjs', 'node:', '*'], mayReadEnvironment: true },
  { of: 'local/', mayImport: [...groundFloor, 'lib/errors.ts', 'node:', 'zod'] },
  { of: 'connectly-events/', mayImport: ['connectly-events/', ...pure, 'zod'] },
  // The template: what is deployed, never a part of what runs there.
  // The plugin asks AWS what is deployed.
  { of: 'resources/plugin.mjs', mayImport: ['resources/', 'node:', 'esbuild', '@aws-sdk/client-lambda'] },
  { of: 'resources/', mayImport: ['resources/', 'lib/', 'node:'] },
  // It alone hands the process to the command line, which runs as often as one likes in one process.
  { of: 'cli/relay.mjs', mayImport: ['build.mjs', 'node:'], mayReadEnvironment: true },
  // It runs in a browser.
  { of: 'cli/console/page/', mayImport: ['cli/console/page/', '*'] },
  // It prints them.
  { of: 'cli/policy/', mayImport: ['cli/', 'resources/', 'node:', '*'], mayTouchProcess: false },
  {
    of: 'cli/',
    mayImport: ['cli/', 'local/', 'connectly-events/', 'lib/', 'build.mjs', 'node:', '*'],
    mayTouchProcess: false,
  },
];

const specifiers = [
  /\b(?:import|export)\b[^'"();]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*['"]([^'"]+)['"]/g,
  /\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g,
];
/** What a process is may be asked: its id, the version of Node. */
const processTouched = /\bprocess\s*(?:\.\s*(?!pid\b|versions\b)\w|\[)/;
const environment = /\bprocess\s*(?:\.\s*env\b|\[\s*['"]env['"])|['"](?:node:)?process['"]/;

/** One line for every import, and every look at the environment, that the layers forbid. `files` is text by path. */
export function brokenRules(files: ReadonlyMap<string, string>): string[] {
  return Array.from(files).flatMap(([path, source]) => {
    const layer = layers.find(({ of }) => path.startsWith(of));
    if (layer === undefined) return [`${path} is in no layer`];
    const code = withoutComments(source);
    if (layer.mayReadEnvironment === undefined && environment.test(code)) {
      return [`${path} reads the environment`];
    }
    if (layer.mayTouchProcess === false && processTouched.test(code)) {
      return [`${path} touches the process`];
    }
    return targetsOf(path, code)
      .filter((target) => !isAllowed(target, layer))
      .map((target) => `${path} imports ${target}`);
  });
}

/** Every group of files that import each other, types included: its paths, in order. */
export function circles(files: ReadonlyMap<string, string>): string[][] {
  const targets = new Map(
    Array.from(files, ([path, source]) => [path, targetsOf(path, withoutComments(source))]),
  );
  const reached = new Map(Array.from(files.keys(), (path) => [path, reachableFrom(path, targets)]));
  const found = Array.from(reached, ([path, own]) =>
    Array.from(own)
      .filter((other) => reached.get(other)?.has(path) === true)
      .toSorted(),
  );
  return Array.from(new Set(found.filter(({ length }) => length > 0).map((group) => group.join(' ')))).map(
    (group) => group.split(' '),
  );
}

/** What one comes to by imports; the file itself only where that is so. */
function reachableFrom(path: string, targets: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set(targets.get(path));
  // Grows while it is walked.
  for (const each of reached) for (const next of targets.get(each) ?? []) reached.add(next);
  return reached;
}

/** What a file imports: paths from the root, and names of packages. */
function targetsOf(path: string, code: string): string[] {
  return importsOf(code).map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
}

function importsOf(code: string): string[] {
  return specifiers.flatMap((pattern) =>
    Array.from(code.matchAll(pattern), ([, specifier = '']) => specifier),
  );
}

function isAllowed(target: string, { mayImport }: Layer): boolean {
  const ours = /^(functions|lib|connectly-events|cli|local|test|bench)\//.test(target);
  return mayImport.some((start) => {
    if (start === '*') return !ours && !target.startsWith('node:');
    return target === start || target.startsWith(/[/:]$/.test(start) ? start : `${start}/`);
  });
}

/** Comments often name other files. Strings stay: the specifiers are strings. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}
