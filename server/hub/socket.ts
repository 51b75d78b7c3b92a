/** The few things the hub asks of a network connection. Transports provide it; faults wrap it. */
export interface Socket {
  /** Queues one message, which the engine frames. Messages leave in the order of the calls. @defaultValue a text */
  send(data: Buffer | string, isBinary?: boolean): void;
  /**
   * Queues whole frames, ready for the wire and shared with other sockets, in the same order. Whoever cannot write them
   * as they are takes them apart, and copies what it keeps: while nothing is unsent, they may be written over.
   */
  sendFrames(frames: Buffer): void;
  /** Holds back what follows until {@link uncork}, then writes it in one go. */
  cork(): void;
  uncork(): void;
  /** Starts a closing handshake behind everything that was sent before. */
  close(code: number, reason: string): void;
  /** Ends the connection at once, without a handshake. */
  terminate(): void;
  /** False once either side began to close: what is sent then would go nowhere. */
  readonly isOpen: boolean;
  /** Bytes handed over that the kernel has not taken, framing included. */
  readonly bufferedBytes: number;
}
