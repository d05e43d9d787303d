type Resources = Readonly<Record<string, object>>;

/**
 * Removes each DependsOn that a Ref or Fn::GetAtt says already. The framework writes both, and validators warn about it
 * on every deployment.
 */
export function withoutRedundantDependencies(resources: Resources): Record<string, object> {
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, trimmed(resource)]));
}

function trimmed(resource: { DependsOn?: unknown; Properties?: unknown }): object {
  const { DependsOn: dependsOn, ...rest } = resource;
  if (dependsOn === undefined) return resource;
  const referenced = new Set(referencesIn(rest.Properties));
  const needed = [dependsOn].flat().filter((id) => !referenced.has(id));
  return needed.length === 0 ? rest : { ...rest, DependsOn: needed };
}

/** The logical ids that an expression takes values from, by Ref or Fn::GetAtt. */
function referencesIn(part: unknown): unknown[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'Ref') return [value];
    if (name === 'Fn::GetAtt' && Array.isArray(value)) return [value[0]];
    return referencesIn(value);
  });
}
