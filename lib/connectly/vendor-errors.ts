/** What an error code of Connectly means for the message that met it. */
export interface VendorError {
  /**
   * `refused`: about this message, never sent again as it is. `later`: may pass, but not soon. `configuration`: not
   * about this message, so it is kept until somebody mends the cause.
   */
  readonly disposition: 'refused' | 'later' | 'configuration';
  /** Who can act: `producer` queued the message, `operator` runs the stage. */
  readonly who: 'producer' | 'operator' | 'customer' | 'connectly';
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * The codes that Connectly documents. Its list goes on and may grow: look codes up with `Object.hasOwn`, and expect
 * others. `ERROR_CODE_UNSPECIFIED` is left out on purpose: it says nothing that the HTTP status does not.
 */
export const vendorErrors: Readonly<Record<string, VendorError>> = {
  ERROR_CODE_INVALID_SENDER_ID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The business number to send from is not valid.',
    remedy: 'Check "from" in the message, or the senderNumber setting, against the numbers in Connectly.',
  },
  ERROR_CODE_PHONE_NUMBER_BAD_FORMAT: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The recipient number is badly formed.',
    remedy: 'Correct "to": plus, country code, digits only.',
  },
  ERROR_CODE_MESSAGE_ATTACHMENTS_NUMBER_INVALID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'There is more than one attachment.',
    remedy: 'Send one message for each attachment.',
  },
  ERROR_CODE_MESSAGE_TEXT_EMPTY: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The text is empty.',
    remedy: 'Put something into "text".',
  },
  ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'There is no approved template of this name in this language.',
    remedy: 'Check "templateName" and "language" against the approved templates in Connectly.',
  },
  ERROR_CODE_MESSAGE_TEMPLATE_INPUT_INVALID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The parameters do not fit the template.',
    remedy:
      'Compare "parameters" with the variables of the template: every one needs a value, no other may have one.',
  },
  ERROR_CODE_MESSAGE_ATTACHMENT_EMPTY: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The address of the attachment is empty.',
    remedy: 'Put a public address into "url" of the attachment.',
  },
  ERROR_CODE_MESSAGE_ATTACHMENT_INVALID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The address of the attachment cannot be read.',
    remedy: 'Correct "url" of the attachment: a public http or https address.',
  },
  ERROR_CODE_BUSINESS_MISSES_MATCHING_CHANNEL: {
    disposition: 'refused',
    who: 'operator',
    meaning: 'The business has no channel of this type.',
    remedy: 'Check "channelType" and "businessId", or have the channel set up in Connectly.',
  },
  ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The customer last wrote to this number more than 24 hours ago.',
    remedy: 'Send a template instead, or set "from" to the number that the customer wrote to.',
  },
  ERROR_CODE_BUSINESS_REACHED_LIMITS: {
    disposition: 'later',
    who: 'operator',
    meaning: 'The business number is restricted after blocks or spam reports.',
    remedy:
      'Pause sending from this number and look at its quality rating; queued messages are tried again until they expire.',
  },
  ERROR_CODE_MESSAGE_SELF_INVALID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The message goes to the number it comes from.',
    remedy: 'Correct "to" or "from".',
  },
  ERROR_CODE_MESSAGE_PHONE_NUMBER_INVALID: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The recipient number is not valid.',
    remedy: 'Correct "to"; the number may not exist or may not be on WhatsApp.',
  },
  ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT: {
    disposition: 'refused',
    who: 'customer',
    meaning: 'The customer opted out of template messages.',
    remedy: 'Do not send templates to this customer any more.',
  },
  ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'The customer never wrote to this number.',
    remedy: 'Start the conversation with a template.',
  },
  ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT: {
    disposition: 'configuration',
    who: 'connectly',
    meaning: 'Connectly has not set up the secret of this business.',
    remedy: 'Ask Connectly to initialise it; queued messages are tried again until they expire.',
  },
  ERROR_CODE_MESSAGE_TEMPLATE_DELETED: {
    disposition: 'refused',
    who: 'producer',
    meaning: 'This language of the template is being deleted.',
    remedy: 'Use another template: this name and language stay blocked for four weeks.',
  },
};
