/** Codes of the `error` event on `/ws`, as PROTOCOL.md documents them (mirrored by a test). */
export const WS_ERRORS = {
  invalid_json: 'The message is not JSON.',
  invalid_message: 'A field is missing, of the wrong type or out of range; the message names it.',
  unknown_type: 'No event has this type.',
  binary_unsupported: 'A binary message came where text is due.',
  rate_limit: 'Too many messages: this one was dropped.',
  not_subscribed: 'The connection is not subscribed to this match.',
  too_many_subscriptions: 'The connection reached WS_MAX_SUBSCRIPTIONS.',
} as const;

export type WsErrorCode = keyof typeof WS_ERRORS;
