/** What each mistake is, in words, and what mends it. */
export const causes = {
  'body-reserialised': {
    meaning:
      'The body was parsed and written again: it is the same JSON, but not the bytes that were signed.',
    remedy: 'Sign and verify the raw bytes of the request, before any JSON parser.',
  },
  'trailing-newline': {
    meaning: 'A line feed at the end of the body was added or lost.',
    remedy: "Use printf '%s' instead of echo, and curl --data-binary instead of -d.",
  },
  'line-endings': {
    meaning: 'The line endings of the body were changed (LF, CRLF).',
    remedy: 'Store and send the body as binary; curl needs --data-binary.',
  },
  'base64-body': {
    meaning:
      "The body was taken in base64 where it should be decoded, or the other way round: API Gateway's isBase64Encoded was ignored.",
    remedy: 'Decode the body when isBase64Encoded is true, and only then; verify the decoded bytes.',
  },
  charset: {
    meaning: 'The body was read in one charset and written in another, or lost or got a byte order mark.',
    remedy: 'Never turn the body into text before it is verified.',
  },
  'other-request': {
    meaning: 'The header belongs to another request.',
    remedy: 'Take body and header from the same request.',
  },
  'hex-signature': {
    meaning: 'The signature is written in hexadecimal.',
    remedy: 'Write the 32 bytes of the HMAC in base64: openssl dgst -sha256 -hmac ... -binary | base64',
  },
  'url-safe-or-unpadded': {
    meaning: 'The signature is URL-safe base64, or has lost the = at its end.',
    remedy: 'Use standard base64 with + and /, and with padding: 44 characters.',
  },
  'header-decorated': {
    meaning: 'There is something around the signature in the header: spaces, quotes, a prefix, or an escape.',
    remedy: 'Send the 44 characters of base64 and nothing else.',
  },
  'header-repeated': {
    meaning: 'The header is there twice.',
    remedy: 'Send exactly one, and look for a proxy that adds another.',
  },
  'secret-decorated': {
    meaning: 'One side has a line feed, spaces or quotes around the secret.',
    remedy: 'Store the secret without anything around it.',
  },
  'secret-decoded': {
    meaning: 'The secret was decoded (from hex or base64) before it was used as the key.',
    remedy: 'Use the characters of the secret as they are, in UTF-8.',
  },
  'wrong-algorithm': {
    meaning: 'The signature was made with another algorithm, or without the secret.',
    remedy: 'Use HMAC with SHA-256.',
  },
  'body-empty': {
    meaning: 'The body has 0 bytes: what was signed has been lost before it came here.',
    remedy: 'Save the raw bytes of the request, and name the file that holds them.',
  },
  'header-unreadable': {
    meaning: 'The header is not 44 characters of base64, nor anything that is made of 32 bytes.',
    remedy: 'Copy the whole value of x-connectly-hmac-sha256.',
  },
  'wrong-secret': {
    meaning: 'No live secret makes this signature over this body, nor after any of the usual mistakes.',
    remedy: 'Compare the secret with the one at Connectly. The body may also have been changed on the way.',
  },
} as const;

export type Cause = keyof typeof causes;
