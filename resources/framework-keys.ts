import { type GivenSettings, problemOf, settingsOf, tagsIn } from './settings.ts';

/** A key of serverless.yml, by its path, and what to put there. */
export type FrameworkKey = readonly [path: readonly string[], value: string | boolean];

/**
 * What some settings say in the framework's own words. Its keys take no empty value, so serverless.yml cannot name the
 * settings there. One that is not sound is left out.
 */
export function frameworkKeys(given: GivenSettings): FrameworkKey[] {
  const settings = settingsOf(given);
  const sound = (name: string) => {
    const setting = settings.get(name) ?? { value: '', place: '' };
    return problemOf(name, setting, given) === undefined ? setting.value : '';
  };
  const bucket = sound('deploymentBucket');
  const role = sound('cloudFormationRoleArn');
  const tags = sound('extraTags');
  // Only where it is on: the framework would ask AWS to turn it off with each deployment of every other stage.
  const isProtected = sound('terminationProtection') === 'true';
  return [
    ...(bucket === '' ? [] : [[['provider', 'deploymentBucket', 'name'], bucket] as const]),
    ...(isProtected ? [[['provider', 'deletionProtection'], true] as const] : []),
    ...(role === '' ? [] : [[['provider', 'iam', 'deploymentRole'], role] as const]),
    ...Array.from(
      (tags === '' ? undefined : tagsIn(tags)) ?? [],
      ([name, value]) => [['provider', 'stackTags', name], value] as const,
    ),
  ];
}
