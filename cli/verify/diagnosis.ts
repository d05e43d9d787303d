import { createHash, createHmac } from 'node:crypto';
import { readSignature, sign, signatureHeader, verify } from '../../lib/webhook/signature.ts';
import type { Cause } from './causes.ts';
import { bodyVariants, type Mistake, secretVariants, signatureVariants, type Variant } from './variants.ts';

export interface SignedRequest {
  /** The bytes as they arrived. */
  readonly body: Buffer;
  /** The signature header's value as it arrived. */
  readonly header: string;
  /** Every live webhook secret. */
  readonly secrets: readonly string[];
  /** Bodies of other requests: the header may be one of theirs. */
  readonly others: readonly Buffer[];
}

export interface Diagnosis {
  readonly valid: boolean;
  /** What the receiver would compare the header with, for each live secret. */
  readonly computed: readonly string[];
  /** What explains the header: all of them together when `proven`, else each by itself. */
  readonly causes: readonly Cause[];
  /** Whether the header comes out exactly once these mistakes are made. */
  readonly proven: boolean;
}

/** Finds out why a signature does not hold, by making the usual mistakes until one gives this very header. */
export function diagnose(request: SignedRequest): Diagnosis {
  const { body, header, secrets } = request;
  const computed = secrets.map((secret) => sign(body, secret));
  const signature = readSignature({ [signatureHeader]: header });
  if (signature !== undefined && verify(body, signature, secrets)) {
    return { valid: true, computed, causes: [], proven: true };
  }
  const mistakes = provenMistakes(request);
  if (mistakes !== undefined) return { valid: false, computed, causes: mistakes, proven: true };
  const causes: Cause[] = signature === undefined ? ['header-unreadable'] : ['wrong-secret', 'other-request'];
  if (body.length === 0) causes.unshift('body-empty');
  return { valid: false, computed, causes, proven: false };
}

/** The fewest mistakes that together give the header; undefined when none do. */
function provenMistakes({ body, header, secrets, others }: SignedRequest): Mistake[] | undefined {
  const signatures = signatureVariants(header);
  const bodies = [
    ...bodyVariants(body),
    ...others.map((value) => ({ value, mistake: 'other-request' as const })),
  ];
  const keys = secrets.flatMap(secretVariants);
  let fewest: Mistake[] | undefined;
  for (const tried of bodies) {
    for (const digest of digestsOf(tried.value, keys)) {
      for (const signature of signatures) {
        if (!signature.value.equals(digest.value)) continue;
        const mistakes = [tried.mistake, ...digest.mistakes, signature.mistake].filter(
          (each) => each !== undefined,
        );
        if (fewest === undefined || mistakes.length < fewest.length) fewest = mistakes;
      }
    }
  }
  return fewest;
}

function digestsOf(
  body: Buffer,
  keys: readonly Variant<Buffer>[],
): { readonly value: Buffer; readonly mistakes: readonly (Mistake | undefined)[] }[] {
  const withKey = keys.flatMap(({ value: key, mistake }) => [
    { value: createHmac('sha256', key).update(body).digest(), mistakes: [mistake] },
    ...['sha1', 'sha512'].map((algorithm) => ({
      value: createHmac(algorithm, key).update(body).digest(),
      mistakes: [mistake, 'wrong-algorithm' as const],
    })),
  ]);
  const withoutKey = {
    value: createHash('sha256').update(body).digest(),
    mistakes: ['wrong-algorithm' as const],
  };
  return [...withKey, withoutKey];
}
