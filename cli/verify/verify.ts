import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { maximumBodyBytes } from '../../lib/webhook/request.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { readSignature, signatureHeader } from '../../lib/webhook/signature.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError, configurationError, usageError } from '../errors.ts';
import { causes as inWords } from './causes.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

interface VerifyOptions {
  readonly signature: string;
  readonly ask?: boolean;
}

const bytesSchema = z.strictObject({
  length: z.int(),
  sha256: z.string(),
  content: z.enum(['json', 'text', 'binary', 'empty']),
  endsWithLineFeed: z.boolean(),
});

const resultSchema = z.strictObject({
  valid: z.boolean(),
  bytes: bytesSchema,
  header: z.strictObject({ characters: z.int(), wellFormed: z.boolean() }),
  /** What the header should be, for each live secret. */
  computed: z.array(z.string()),
  /** Whether the causes, all together, give exactly this header; otherwise each is only likely. */
  proven: z.boolean(),
  causes: z.array(z.strictObject({ cause: z.string(), meaning: z.string(), remedy: z.string() })),
});

/** `relay verify` */
export const verify = defineCommand({
  examples: [
    'verify body.json --signature "fB1yqrlYJbGjRyyF5W9fmDnWqnmsM7DvbUJ1rDa0sno="',
    'verify body.json --signature "$HEADER" --ask',
    'verify body.json other.json --signature "$HEADER" --stage prod',
  ],
  result: resultSchema,
  define: (command) =>
    command
      .argument('<body>', 'the bytes of the request, as a file; - for stdin')
      .argument('[others...]', 'bodies of other requests, whose header this may be')
      .requiredOption('--signature <value>', `the value of ${signatureHeader} as it arrived`)
      .option('--ask', "ask for the webhook secret (or read it from stdin) instead of reading the stage's"),
  async run(context, { signature: header, ask = false }: VerifyOptions, [file = '-', ...otherFiles]) {
    const { output, readInput } = context;
    if (ask && [file, ...otherFiles].includes('-')) {
      throw usageError('With --ask the secret comes from stdin, so the body cannot: name a file.');
    }
    const body = await readInput(file);
    if (body.length > maximumBodyBytes) {
      throw configurationError(
        'too-large',
        'The body is over 512 KiB: the webhook answers 413 to it, whoever signed it.',
      );
    }
    const others = await Promise.all(otherFiles.map((other) => readInput(other)));
    const secrets = parseWebhookSecrets(
      ask ? await context.readSecret('Webhook secret') : await secretOf(context),
    );
    const diagnosis = diagnose({ body, header, secrets, others });
    const result = {
      valid: diagnosis.valid,
      bytes: describe(body),
      header: {
        characters: header.length,
        wellFormed: readSignature({ [signatureHeader]: header }) !== undefined,
      },
      computed: [...diagnosis.computed],
      proven: diagnosis.proven,
      causes: diagnosis.causes.map((cause) => ({ cause, ...inWords[cause] })),
    };
    output.result(result, steps(result));
    if (!diagnosis.valid) throw configurationError('signature-wrong', verdict(diagnosis));
  },
});

async function secretOf({ target: findTarget }: CommandContext): Promise<string> {
  try {
    const target = await findTarget();
    return await target.readSecret('webhook-secrets');
  } catch (error) {
    if (!(error instanceof CommandError && error.code === 'no-local-stack')) throw error;
    throw configurationError(error.code, `${error.message} Or give the secret yourself: --ask`, {
      cause: error,
    });
  }
}

type Bytes = z.infer<typeof bytesSchema>;

function describe(body: Buffer): Bytes {
  return {
    length: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    content: contentOf(body),
    endsWithLineFeed: body.at(-1) === 0x0a,
  };
}

function contentOf(body: Buffer): Bytes['content'] {
  if (body.length === 0) return 'empty';
  if (!isUtf8(body)) return 'binary';
  return parseJson(new TextDecoder().decode(body)) === undefined ? 'text' : 'json';
}

function steps({ valid, bytes, header, computed, proven, causes }: z.infer<typeof resultSchema>): string[] {
  const ending = bytes.endsWithLineFeed ? ', with a line feed at the end' : '';
  return [
    `1. Bytes     ${bytes.length} (${bytes.content}${ending}), SHA-256 ${bytes.sha256}.`,
    `2. Header    ${header.characters} characters, ${header.wellFormed ? 'canonical base64 of 32 bytes' : 'not canonical base64 of 32 bytes'}.`,
    ...computed.map(
      (value, index) => `3. Computed  ${value}  (live secret ${index + 1} of ${computed.length})`,
    ),
    `4. Verdict   ${valid ? 'The signature holds.' : 'The signature does not hold.'}`,
    ...causes.flatMap(({ cause, meaning, remedy }) => [
      `   ${(proven ? 'Cause' : 'Likely').padEnd(9)} ${cause}: ${meaning}`,
      `   Remedy    ${remedy}`,
    ]),
  ];
}

function verdict({ causes, proven }: Diagnosis): string {
  return `The signature does not hold: ${proven ? '' : 'probably '}${causes.join(proven ? ', ' : ' or ')}.`;
}
