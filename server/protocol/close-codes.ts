/**
 * Every way a connection of this server ends, as PROTOCOL.md documents them (mirrored by a test).
 * 1012, 1013 and 4000–4499 tell the client to reconnect with backoff and jitter; 4500–4999 tell it not to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4
 */

/** What a client should do after a close. */
export type Reconnect = 'yes' | 'no';

/** One documented way to end a connection. */
export interface CloseReason {
  /** The close code on the wire. */
  readonly code: number;
  /** The close reason on the wire, under 124 bytes. */
  readonly reason: string;
  readonly reconnect: Reconnect;
  /** When it is used. */
  readonly when: string;
}

export const CLOSE = {
  normal: { code: 1000, reason: 'normal', reconnect: 'no', when: 'The client closed the connection itself.' },
  goingAway: {
    code: 1001,
    reason: 'going away',
    reconnect: 'no',
    when: 'The client page or process went away.',
  },
  frameError: {
    code: 1002,
    reason: 'protocol error',
    reconnect: 'no',
    when: 'A frame breaks RFC 6455: unmasked, reserved bits, bad opcode, fragmented control frame.',
  },
  noCode: {
    code: 1005,
    reason: 'no code',
    reconnect: 'no',
    when: 'The client closed without giving a code. Counted here, never sent in a frame.',
  },
  lost: {
    code: 1006,
    reason: 'connection lost',
    reconnect: 'yes',
    when: 'The connection broke without a close frame. Counted here, never sent in a frame.',
  },
  invalidText: {
    code: 1007,
    reason: 'invalid utf-8',
    reconnect: 'no',
    when: 'A text message is not valid UTF-8.',
  },
  tooManyFragments: {
    code: 1008,
    reason: 'too many fragments',
    reconnect: 'no',
    when: 'A message comes in more fragments than the server keeps.',
  },
  tooLarge: {
    code: 1009,
    reason: 'message too large',
    reconnect: 'no',
    when: 'A message is larger than MAX_PAYLOAD_BYTES.',
  },
  internalError: {
    code: 1011,
    reason: 'internal error',
    reconnect: 'yes',
    when: 'A defect in the server; the log has the stack.',
  },
  shutdown: { code: 4001, reason: 'shutdown', reconnect: 'yes', when: 'The server is draining.' },
  slowConsumer: {
    code: 4002,
    reason: 'slow consumer',
    reconnect: 'yes',
    when: 'Unsent bytes or their age passed the limit.',
  },
  heartbeatMissed: {
    code: 4004,
    reason: 'heartbeat missed',
    reconnect: 'yes',
    when: 'Nothing came from the client, not even a pong, for a whole heartbeat.',
  },
  rateLimited: {
    code: 4005,
    reason: 'rate limited',
    reconnect: 'yes',
    when: 'The client stayed over its message rate for 10 s without pause.',
  },
  protocolViolation: {
    code: 4501,
    reason: 'protocol violation',
    reconnect: 'no',
    when: 'The client kept sending messages that are not of this protocol.',
  },
} as const satisfies Record<string, CloseReason>;

export type CloseName = keyof typeof CLOSE;

/** Ends that are the client's own doing. It can send our codes as well; those would fake an alarm of ours. */
const CLIENT_ENDS: ReadonlySet<number> = new Set(
  [CLOSE.normal, CLOSE.goingAway, CLOSE.noCode, CLOSE.lost].map(({ code }) => code),
);

/** Stands for every code that a client sent and that is not a client's to send. */
export const OTHER_CLOSE_CODE = 0;

/** The code that an end by the client is counted under. */
export function countedClientCode(code: number): number {
  return CLIENT_ENDS.has(code) ? code : OTHER_CLOSE_CODE;
}
