import { createRandom, type Random } from '../harness/random.ts';
import { bodyMutations } from './body-mutations.ts';
import { assemble, carry, type Draft, makeDraft, secretLists, signatureName } from './draft.ts';
import type { FuzzedRequest } from './request.ts';
import { type Mutation, signatureMutations } from './signature-mutations.ts';

/** Changes after which a request is as valid as before. */
const harmless: Readonly<Record<string, Mutation>> = {
  none: (draft) => assemble(draft),
  'header name in another case': (draft) =>
    assemble(draft, { headers: { [randomCase(draft.random)]: draft.signature, accept: '*/*' } }),
  'many other headers': (draft) => assemble(draft, { headers: manyHeaders(draft) }),
  'the other way to carry a body': (draft) => ({
    ...assemble(draft),
    body: draft.bytes.toString('base64'),
    isBase64Encoded: true,
  }),
  'nothing but what is needed': ({ random, bytes, signature }) => ({
    headers: { [signatureName]: signature },
    ...carry(bytes, random),
  }),
  'repeated in multi-value form': (draft) => ({
    ...assemble(draft),
    multiValueHeaders: { [signatureName]: [draft.signature] },
  }),
};

const harmful = Object.entries({ ...signatureMutations, ...bodyMutations });
const valid = Object.entries(harmless);

/** Every mutation there is: a run that misses one has not fuzzed it. */
export const mutationNames: readonly string[] = [...valid, ...harmful].map(([name]) => name);

/** The request with this number in the run with this seed: each is made on its own, so that one can be looked at. */
export function makeRequest(
  seed: number,
  index: number,
  lists: readonly (readonly string[])[] = secretLists,
): FuzzedRequest {
  const random = createRandom(seed, index);
  const draft = makeDraft(random, random.pick(lists));
  const [mutation, mutate] = random.pick(random.chance(0.35) ? valid : harmful);
  return { mutation, request: mutate(draft), secrets: draft.secrets };
}

function randomCase(random: Random): string {
  return Array.from(signatureName, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join('');
}

function manyHeaders({ random, signature }: Draft): Record<string, unknown> {
  const headers: Record<string, unknown> = {};
  for (let left = random.int(20); left > 0; left--) headers[`x-other-${random.int(1000)}`] = signature;
  headers[signatureName] = signature;
  headers['x-connectly-hmac-sha1'] = null;
  headers['content-length'] = '7';
  return headers;
}
