export interface KnownDifference {
  /** `undocumented`: both answers are errors, and AWS's documentation does not say which one it is. */
  readonly right: 'ours' | 'moto' | 'undocumented';
  readonly reason: string;
}

/** Where moto 5.2.1 answers otherwise, by the rule's name, and who is right according to AWS's documentation. */
export const knownDifferences: ReadonlyMap<string, KnownDifference> = new Map<string, KnownDifference>([
  [
    'a label that no version has is not found',
    { right: 'undocumented', reason: 'Both say ResourceNotFoundException; moto does not name the label.' },
  ],
  [
    'a third value leaves the first without a label, but readable by its id',
    {
      right: 'ours',
      reason:
        'VersionIdsToStages lists versions with labels attached; moto lists the others, too, with none.',
    },
  ],
  [
    'a value of 65,536 bytes is taken and a longer one refused',
    { right: 'ours', reason: 'SecretString is at most 65,536 long; moto has no limit on a put.' },
  ],
  [
    'a token of fewer than 32 characters is refused',
    {
      right: 'undocumented',
      reason: 'Both refuse; the page gives the length, not which of its errors it is.',
    },
  ],
  [
    'a request without a token is refused: SDKs add one, plain HTTP has to bring it',
    { right: 'ours', reason: 'A raw request must include a ClientRequestToken; moto invents one.' },
  ],
  [
    'versions without a label are listed only when they are asked for',
    { right: 'ours', reason: 'Versions without labels need IncludeDeprecated; moto lists them always.' },
  ],
  [
    'a rotation ends by moving AWSCURRENT, and the old version becomes AWSPREVIOUS',
    {
      right: 'ours',
      reason:
        'A read without a version answers the one with AWSCURRENT; moto answers the old one after the move.',
    },
  ],
  [
    'AWSCURRENT cannot be taken away, only moved',
    {
      right: 'ours',
      reason: 'A secret with versions always has one labelled AWSCURRENT; moto takes it away.',
    },
  ],
  [
    'AWSPENDING can be taken away',
    {
      right: 'ours',
      reason: 'A version without labels is not in VersionIdsToStages; moto lists it with none.',
    },
  ],
  [
    'a name with other characters than letters, digits and /_+=.@- is refused',
    { right: 'ours', reason: 'The page lists the characters a name can have; moto takes any.' },
  ],
  [
    'a page token that nobody gave out is refused',
    { right: 'ours', reason: 'The error is InvalidNextTokenException; moto fails with a page of HTML.' },
  ],
]);
