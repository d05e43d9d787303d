import { constants } from 'node:fs';
import { expect, it } from 'vitest';
import { noFollowOf } from '../../../local/links.ts';

it('a system without the flag opens files all the same', () => {
  const flags = [noFollowOf({}), noFollowOf(constants)];

  expect(flags).toEqual([0, constants.O_NOFOLLOW]);
});
