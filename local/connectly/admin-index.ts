/** What one can ask the fake, each with an example of the JSON that goes with it. Answered at `GET /_fake/`. */
export const adminIndex = {
  'GET /_fake/state': 'what it accepted and answered; ?newest=N limits the lists',
  'GET /_fake/events': 'the same as it happens, as server-sent events',
  'POST /_fake/inbound': {
    makes: 'a customer write: kind is text, media, location, referral, button, report or raw',
    example: { kind: 'text', from: '+16315555500', text: 'Is my order ready?' },
  },
  'POST /_fake/windows': {
    makes: 'a customer one who has just written (open), wrote long ago (expired), or never',
    example: { customer: '+16315555500', state: 'open' },
  },
  'POST /_fake/faults': {
    makes:
      'the next requests go wrong: kind is answer, slow, hang, reset, close, drip, garbage, no-id, webhook-drop, ...',
    example: { kind: 'answer', status: 429, retryAfter: 1, times: 2, match: { endpoint: 'send/messages' } },
  },
  'GET /_fake/faults': 'the faults that wait',
  'DELETE /_fake/faults': 'removes them all; /_fake/faults/ID removes one',
  'POST /_fake/status': {
    makes: 'a delivery status go out for an accepted message',
    example: { messageId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', status: 'delivery_failed' },
  },
  'POST /_fake/settings': {
    makes:
      'another Connectly: its limit, missing templates, customers who opted out, delays of statuses, ...',
    example: { requestsPerSecond: 20, missingTemplates: ['order_ready'], optedOut: ['+16315555500'] },
  },
  'POST /_fake/secrets': {
    makes: 'it sign with another secret, or want another key',
    example: { apiKey: 'new-key' },
  },
  'POST /_fake/reset': { makes: 'it forget everything', example: { keepRegistrations: true } },
} as const;
