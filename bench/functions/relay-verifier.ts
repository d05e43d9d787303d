import { readSignature, sign, signatureHeader, verify } from '../../lib/webhook/signature.ts';

const secret = 'a-webhook-secret-of-usual-length';

/** The relay's own verifier, in the form of those in bench/peers/verifiers.ts. */
export const verifiers = {
  async relay(body: Buffer) {
    const headers = { 'content-type': 'application/json', [signatureHeader]: sign(body, secret) };
    return () => {
      const signature = readSignature(headers);
      if (signature === undefined || !verify(body, signature, [secret]))
        throw new Error('The signature does not hold.');
    };
  },
};
