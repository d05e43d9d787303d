import type { Difference } from '../moto.ts';

export const differences: readonly Difference[] = [
  {
    right: 'undocumented',
    reason: 'Both say ResourceNotFoundException; moto does not name the label.',
    rules: ['a label that no version has is not found'],
  },
  {
    right: 'ours',
    reason: 'VersionIdsToStages lists versions with labels attached; moto lists the others, too, with none.',
    rules: ['a third value leaves the first without a label, but readable by its id'],
  },
  {
    right: 'ours',
    reason: 'SecretString is at most 65,536 long; moto has no limit on a put.',
    rules: ['a value of 65,536 bytes is taken and a longer one refused'],
  },
  {
    right: 'undocumented',
    reason: 'Both refuse; the page gives the length, not which of its errors it is.',
    rules: ['a token of fewer than 32 characters is refused'],
  },
  {
    right: 'ours',
    reason: 'A raw request must include a ClientRequestToken; moto invents one.',
    rules: ['a request without a token is refused: SDKs add one, plain HTTP has to bring it'],
  },
  {
    right: 'ours',
    reason: 'Versions without labels need IncludeDeprecated; moto lists them always.',
    rules: ['versions without a label are listed only when they are asked for'],
  },
  {
    right: 'ours',
    reason:
      'A read without a version answers the one with AWSCURRENT; moto answers the old one after the move.',
    rules: ['a rotation ends by moving AWSCURRENT, and the old version becomes AWSPREVIOUS'],
  },
  {
    right: 'ours',
    reason: 'A secret with versions always has one labelled AWSCURRENT; moto takes it away.',
    rules: ['AWSCURRENT cannot be taken away, only moved'],
  },
  {
    right: 'ours',
    reason: 'A version without labels is not in VersionIdsToStages; moto lists it with none.',
    rules: ['AWSPENDING can be taken away'],
  },
  {
    right: 'ours',
    reason: 'The page lists the characters a name can have; moto takes any.',
    rules: ['a name with other characters than letters, digits and /_+=.@- is refused'],
  },
  {
    right: 'ours',
    reason: 'The error is InvalidNextTokenException; moto fails with a page of HTML.',
    rules: ['a page token that nobody gave out is refused'],
  },
];
