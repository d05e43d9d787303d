import * as z from 'zod';

/** The options that say what is sent and how. A ledger keeps them, so that `--resume` needs none of them again. */
export const givenOptionsSchema = z.strictObject({
  format: z.exactOptional(z.enum(['csv', 'ndjson'])),
  template: z.exactOptional(z.string()),
  language: z.exactOptional(z.string()),
  campaign: z.exactOptional(z.string()),
  ignore: z.exactOptional(z.array(z.string())),
  skipInvalid: z.exactOptional(z.literal(true)),
  rate: z.exactOptional(z.number()),
  failed: z.exactOptional(z.string()),
  from: z.exactOptional(z.string()),
  business: z.exactOptional(z.string()),
  channelType: z.exactOptional(z.string()),
  ifUnclear: z.exactOptional(z.string()),
  expiresIn: z.exactOptional(z.string()),
  expiresAt: z.exactOptional(z.string()),
});

export type GivenOptions = z.infer<typeof givenOptionsSchema>;

/** Those of a first run under those of this one. */
export function withRemembered<Options extends GivenOptions>(
  options: Options,
  remembered: GivenOptions,
): Options & GivenOptions {
  const { expiresIn, expiresAt, ...rest } = remembered;
  const expiry = {
    ...(expiresIn !== undefined && { expiresIn }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  // Of the two only one can be given.
  const saysItself = options.expiresIn !== undefined || options.expiresAt !== undefined;
  return { ...rest, ...(saysItself ? {} : expiry), ...options };
}
