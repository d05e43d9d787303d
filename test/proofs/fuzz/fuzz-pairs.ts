import { createRandom } from '../harness/random.ts';
import { makeBody } from './bodies.ts';
import { signWith } from './draft.ts';
import type { Findings } from './findings.ts';
import { type CreateReceiver, createRig } from './receiver.ts';

export interface PairsReport {
  readonly pairs: number;
  readonly bodyBits: number;
  readonly headerBits: number;
  readonly headerCharacters: number;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const secrets = ['s3cr3t'];

/**
 * Takes valid pairs of a body and its signature, and changes one bit of the body, one bit of the signature's
 * characters or one character of the signature: all of them in turn, and each must be refused.
 */
export async function fuzzPairs(options: {
  readonly createReceiver: CreateReceiver;
  readonly findings: Findings;
  readonly seed: number;
  readonly pairs: number;
  readonly onProgress?: (done: number) => void;
  readonly stopAtFirst?: boolean;
}): Promise<PairsReport> {
  const { findings, seed } = options;
  const rig = createRig(options.createReceiver);
  const report = { pairs: 0, bodyBits: 0, headerBits: 0, headerCharacters: 0 };

  for (let index = 0; index < options.pairs; index++) {
    if (options.stopAtFirst && findings.total() > 0) break;
    const bytes = smallBody(seed, index);
    const signature = signWith('s3cr3t', bytes);
    if ((await statusOf(bytes, signature)) !== 200) {
      findings.add('valid requests refused', `pair ${index} of seed ${seed}`);
    }
    await changeBody(bytes, signature, index);
    await changeHeader(bytes, signature, index);
    report.pairs++;
    options.onProgress?.(index + 1);
  }
  return report;

  async function changeBody(bytes: Buffer, signature: string, index: number): Promise<void> {
    const changed = Buffer.from(bytes);
    for (const [position, byte] of bytes.entries()) {
      for (let bit = 0; bit < 8; bit++) {
        changed[position] = byte ^ (1 << bit);
        await expectRefusal(
          changed,
          signature,
          `pair ${index} of seed ${seed}, body bit ${position * 8 + bit}`,
        );
        report.bodyBits++;
      }
      changed[position] = byte;
    }
  }

  async function changeHeader(bytes: Buffer, signature: string, index: number): Promise<void> {
    for (let position = 0; position < signature.length; position++) {
      const code = signature.charCodeAt(position);
      const bits = Array.from({ length: 8 }, (_, bit) => String.fromCharCode(code ^ (1 << bit)));
      const others = alphabet.split('').filter((character) => character !== signature[position]);
      // Single characters include some of the bits once more; a tenth of the pairs is plenty.
      for (const character of index % 10 === 0 ? [...bits, ...others] : bits) {
        const changed = signature.slice(0, position) + character + signature.slice(position + 1);
        await expectRefusal(
          bytes,
          changed,
          `pair ${index} of seed ${seed}, header ${JSON.stringify(changed)}`,
        );
      }
      report.headerBits += bits.length;
      if (index % 10 === 0) report.headerCharacters += others.length;
    }
  }

  async function expectRefusal(bytes: Buffer, signature: string, where: string): Promise<void> {
    const status = await statusOf(bytes, signature);
    if (status !== 401) findings.add('changed pairs not refused', `${where}: ${status ?? 'crashed'}`);
  }

  async function statusOf(bytes: Buffer, signature: string): Promise<number | undefined> {
    const request = {
      headers: { 'x-connectly-hmac-sha256': signature },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    };
    const { status, published } = await rig.pass(request, secrets);
    return status !== 200 && published.length > 0 ? undefined : status;
  }
}

/** Mostly a hundred bytes, now and then two thousand: the number of checks grows with the bits. */
function smallBody(seed: number, index: number): Buffer {
  const limitBytes = index % 100 === 99 ? 2000 : 120;
  // Streams far from those of the fuzzed requests.
  const random = createRandom(seed, 0x4000_0000 + index);
  const body = makeBody(random);
  return body.length <= limitBytes ? body : body.subarray(0, limitBytes - random.int(limitBytes / 2));
}
