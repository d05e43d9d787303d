import {
  type Input,
  optionalList,
  requiredText,
  structureEntry,
  textEntry,
  validationError,
} from './input.ts';
import type { Secret } from './store.ts';

const filterKeys = ['description', 'name', 'tag-key', 'tag-value', 'all'];

export interface Filter {
  readonly key: string;
  readonly values: readonly string[];
}

/** The member `Filters`, or undefined when it is absent or empty. */
export function describedFilters(input: Input): Filter[] | undefined {
  const filters = optionalList(input, 'Filters', {
    max: 10,
    read: (entry) => {
      const filter = structureEntry(entry);
      const key = requiredText(filter, 'Key');
      if (!filterKeys.includes(key))
        throw validationError(
          `'${key}'`,
          'filters.1.member.key',
          `satisfy enum value set: [${filterKeys.join(', ')}]`,
        );
      const values = optionalList(filter, 'Values', {
        min: 1,
        max: 10,
        read: textEntry('Values', { max: 512 }),
      });
      return { key, values: values ?? [] };
    },
  });
  return filters?.length ? filters : undefined;
}

/** A secret has to match every filter, and of each filter at least one value; a value after `!` must not match. */
export function matchesFilters(secret: Secret, filters: readonly Filter[]): boolean {
  return filters.every(({ key, values }) =>
    values.some((value) =>
      value.startsWith('!') ? !matches(secret, key, value.slice(1)) : matches(secret, key, value),
    ),
  );
}

/** Prefixes, with their case for names and tags, without it for descriptions and `all`. */
function matches(secret: Secret, key: string, value: string): boolean {
  switch (key) {
    case 'name':
      return secret.name.startsWith(value);
    case 'description':
      return (secret.description ?? '').toLowerCase().startsWith(value.toLowerCase());
    case 'tag-key':
      return [...secret.tags.keys()].some((tag) => tag.startsWith(value));
    case 'tag-value':
      return [...secret.tags.values()].some((tag) => tag.startsWith(value));
    default: {
      const texts = [secret.name, secret.description ?? '', ...secret.tags.keys(), ...secret.tags.values()];
      return value
        .toLowerCase()
        .split(/[\s/_+=.@!-]+/)
        .filter(Boolean)
        .every((word) => texts.some((text) => text.toLowerCase().includes(word)));
    }
  }
}
