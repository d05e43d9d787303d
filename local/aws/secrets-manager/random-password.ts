import type { AwsOperation } from '../protocols/service.ts';
import { type Input, invalidParameter, optionalFlag, optionalInteger, optionalText } from './input.ts';

const kinds = [
  { excludedBy: 'ExcludeLowercase', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { excludedBy: 'ExcludeUppercase', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { excludedBy: 'ExcludeNumbers', characters: '0123456789' },
  { excludedBy: 'ExcludePunctuation', characters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' },
];

/** GetRandomPassword: 32 characters unless told, at least one of every kind that is not excluded. */
export function randomPasswordOperation(random: () => number): Record<string, AwsOperation> {
  const pick = (characters: string) => characters.charAt(Math.floor(random() * characters.length));
  return {
    GetRandomPassword: async (input) => {
      const length = optionalInteger(input, 'PasswordLength', { min: 1, max: 4096 }) ?? 32;
      const sets = allowedSets(input);
      const everyKind = optionalFlag(input, 'RequireEachIncludedType') ?? true;
      if (everyKind && sets.length > length)
        throw invalidParameter('The password length is too short based on the required types.');
      const password = everyKind ? sets.map(pick) : [];
      const all = sets.join('');
      while (password.length < length) password.push(pick(all));
      return { RandomPassword: shuffled(password, random).join('') };
    },
  };
}

function allowedSets(input: Input): string[] {
  const excluded = optionalText(input, 'ExcludeCharacters', { max: 4096 }) ?? '';
  const included = kinds
    .filter(({ excludedBy }) => !(optionalFlag(input, excludedBy) ?? false))
    .map(({ characters }) => characters);
  if (optionalFlag(input, 'IncludeSpace') ?? false) included.push(' ');
  const sets = included
    .map((characters) =>
      Array.from(characters)
        .filter((character) => !excluded.includes(character))
        .join(''),
    )
    .filter((characters) => characters !== '');
  if (sets.length === 0) throw invalidParameter('There are no characters left to make a password of.');
  return sets;
}

/** Fisher-Yates, so that the kinds are not in a fixed order. */
function shuffled(list: readonly string[], random: () => number): string[] {
  const result: string[] = [];
  for (const entry of list) {
    const place = Math.floor(random() * (result.length + 1));
    const moved = result[place];
    if (moved === undefined) {
      result.push(entry);
    } else {
      result[place] = entry;
      result.push(moved);
    }
  }
  return result;
}
