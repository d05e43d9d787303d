import { type Difference, ours, undocumented } from '../moto.ts';

export const differences: readonly Difference[] = [
  undocumented(
    'Both say ResourceNotFoundException; moto does not name the label.',
    'a label that no version has is not found',
  ),
  ours(
    'VersionIdsToStages lists versions with labels attached; moto lists the others, too, with none.',
    'a third value leaves the first without a label, but readable by its id',
  ),
  ours(
    'SecretString is at most 65,536 long; moto has no limit on a put.',
    'a value of 65,536 bytes is taken and a longer one refused',
  ),
  undocumented(
    'Both refuse; the page gives the length, not which of its errors it is.',
    'a token of fewer than 32 characters is refused',
  ),
  ours(
    'A raw request must include a ClientRequestToken; moto invents one.',
    'a request without a token is refused: SDKs add one, plain HTTP has to bring it',
  ),
  ours(
    'Versions without labels need IncludeDeprecated; moto lists them always.',
    'versions without a label are listed only when they are asked for',
  ),
  ours(
    'A read without a version answers the one with AWSCURRENT; moto answers the old one after the move.',
    'a rotation ends by moving AWSCURRENT, and the old version becomes AWSPREVIOUS',
  ),
  ours(
    'A secret with versions always has one labelled AWSCURRENT; moto takes it away.',
    'AWSCURRENT cannot be taken away, only moved',
  ),
  ours(
    'A version without labels is not in VersionIdsToStages; moto lists it with none.',
    'AWSPENDING can be taken away',
  ),
  ours(
    'The page lists the characters a name can have; moto takes any.',
    'a name with other characters than letters, digits and /_+=.@- is refused',
  ),
  ours(
    'The error is InvalidNextTokenException; moto fails with a page of HTML.',
    'a page token that nobody gave out is refused',
  ),
];
