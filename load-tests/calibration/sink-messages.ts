/**
 * What `calibrate` and the sink's process say to each other.
 *
 *     calibrate → sink   SinkCommand
 *     sink → calibrate   SinkEvent
 */

/** Sends frames of its own to every member, without any request. */
export interface SinkStream {
  readonly type: 'stream';
  readonly runId: string;
  readonly publisher: number;
  readonly matchId: number;
  readonly textLength: number;
  /** The first frame's sequence number; offsets are one higher. */
  readonly firstSeq: number;
  /** Frames to each member. */
  readonly frames: number;
  /** `single`: one frame to each member a turn. `coalesced`: as many as a socket takes at once. */
  readonly mode: 'single' | 'coalesced';
}

export type SinkCommand = SinkStream;

export type SinkEvent =
  | { readonly type: 'listening'; readonly port: number }
  /** All frames are with the kernel. */
  | { readonly type: 'streamed' };
