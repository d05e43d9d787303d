import type { Setting } from './settings.ts';

/** AWS: all variables of a function together, their names and values as JSON. */
export const largestEnvironmentBytes = 4096;

/** As long as what a variable refers to can become: the ARN of a secret, with the longest stage and region. */
const reference = 'x'.repeat(160);

type Variables = Readonly<Record<string, unknown>>;

/**
 * The functions whose variables Lambda would not take, in words. `environments` has them by the functions' names in
 * serverless.yml, and as they stand there: with the names of settings in them.
 */
export function environmentProblems(
  environments: Readonly<Record<string, Variables>>,
  settings: ReadonlyMap<string, Setting>,
): string[] {
  return Object.entries(environments).flatMap(([name, given]) => {
    const variables = withSettings(given, settings);
    const bytes = environmentBytes(variables);
    if (bytes <= largestEnvironmentBytes) return [];
    const sized = Object.entries(variables).map(
      ([variable, value]) => [variable, textOf(value).length] as const,
    );
    const [longest = '', length = 0] = sized.toSorted(([, one], [, other]) => other - one)[0] ?? [];
    const remedy =
      longest === 'ONLY_TO' ? 'Name fewer recipients in onlyTo.' : 'Shorten it in serverless.yml.';
    return [
      `The variables of ${name} are ${bytes} bytes together, and Lambda takes ${largestEnvironmentBytes}: ${longest} alone is ${length}. ${remedy}`,
    ];
  });
}

/** How much of the 4 KiB the variables are, as Lambda measures. */
export function environmentBytes(variables: Variables): number {
  const texts = Object.entries(variables).map(([name, value]) => [name, textOf(value)] as const);
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
}

function withSettings(variables: Variables, settings: ReadonlyMap<string, Setting>): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value.replaceAll(/\$\{param:(\w+)\}/g, (_, setting: string) => settings.get(setting)?.value ?? '')
        : value,
    ]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? reference : JSON.stringify(value);
}
