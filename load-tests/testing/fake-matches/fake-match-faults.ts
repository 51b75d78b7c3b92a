/** What a fake match server can do wrong, and how often it did. */

/** What is wrong with the server. `…Every` n means: the n-th, 2n-th, … delivery or request. */
export interface FakeFaults {
  /** Each broadcast goes out exactly this much later. */
  readonly delayMs?: number;
  /** The n-th member of the room (from 0) gets each broadcast n times this later. */
  readonly stepMs?: number;
  /** Nothing goes out between these two times after the first request; then all of it at once. */
  readonly stall?: { readonly afterMs: number; readonly forMs: number };
  readonly dropEvery?: number;
  readonly duplicateEvery?: number;
  /** The n-th broadcast goes out after the one that follows it. */
  readonly swapEvery?: number;
  /** A delivery is followed by one of another match. */
  readonly wrongRoomEvery?: number;
  /** A broadcast is followed by one that nobody of this run sent. */
  readonly foreignEvery?: number;
  /** A delivery is followed by half a message. */
  readonly corruptEvery?: number;
  /** A request is cut without an answer, after its broadcast. */
  readonly cutAnswerEvery?: number;
  /** An answer is the last one of its connection, which then ends, as the answer says. */
  readonly lastAnswerEvery?: number;
  /** A request gets no answer at all, after its broadcast. */
  readonly muteAnswerEvery?: number;
  /** A request is answered 201, and its message reaches nobody. */
  readonly swallowEvery?: number;
  /** The 201 does not say which offset the message got. */
  readonly hidesOffset?: boolean;
  /** The first `sockets` members are cut, without a close frame, as this broadcast is due to them. */
  readonly cut?: { readonly atBroadcast: number; readonly sockets: number };
  /** `unsubscribe` gets no answer. */
  readonly isDeafToLeaving?: boolean;
  /** `unsubscribe` is answered by an error. */
  readonly refusesLeaving?: boolean;
  /** A request is answered 503, and nothing is broadcast. */
  readonly failPostEvery?: number;
  readonly refuseUpgradeEvery?: number;
  /** Connections never get their welcome. */
  readonly isMute?: boolean;
  /** `ping` gets no pong. */
  readonly isDeafToPings?: boolean;
  /** Requests without this bearer token are answered 401. */
  readonly apiToken?: string;
}

/** How often each wrong was done, and what went out. */
export interface FakeCounts {
  broadcasts: number;
  deliveries: number;
  dropped: number;
  duplicated: number;
  swapped: number;
  wrongRoom: number;
  foreign: number;
  corrupt: number;
  cutAnswers: number;
  failedPosts: number;
  refusedUpgrades: number;
  pings: number;
}

export function noCounts(): FakeCounts {
  return {
    broadcasts: 0,
    deliveries: 0,
    dropped: 0,
    duplicated: 0,
    swapped: 0,
    wrongRoom: 0,
    foreign: 0,
    corrupt: 0,
    cutAnswers: 0,
    failedPosts: 0,
    refusedUpgrades: 0,
    pings: 0,
  };
}
