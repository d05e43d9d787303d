import { isBsuid } from './addresses.ts';

/** One side of a conversation, in webhooks. */
export interface Party {
  readonly id: string;
  readonly channelType: string;
  readonly name?: string | null;
  /** The customer's BSUID, on numbers that have BSUID support. */
  readonly userId?: string;
  /** `""` for a customer without a phone number. */
  readonly phoneNumber?: string;
}

/** The name that the vendor's samples give the business. */
const businessName = 'connectlyai';

/** The business side of a webhook. */
export function businessParty(number: string, channelType: string): Party {
  return { id: number, channelType, name: businessName };
}

/**
 * The customer's side of a webhook: a phone number, a phone number whose BSUID is known, or, without a number, the BSUID
 * in two places and an empty `phoneNumber`.
 */
export function customerParty(customer: {
  id: string;
  channelType: string;
  name: string | null;
  userId?: string | undefined;
}): Party {
  const { id, channelType, name, userId } = customer;
  if (isBsuid(id)) return { id, channelType, name, userId: id, phoneNumber: '' };
  return userId === undefined
    ? { id, channelType, name }
    : { id, channelType, name, userId, phoneNumber: id };
}
