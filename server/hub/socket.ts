/** The few things the hub asks of a network connection. Transports provide it; faults wrap it. */
export interface Socket {
  /** Queues one text message. Messages leave in the order of the calls. */
  send(data: Buffer | string): void;
  /** Starts a closing handshake behind everything that was sent before. */
  close(code: number, reason: string): void;
  /** Ends the connection at once, without a handshake. */
  terminate(): void;
  /** False once either side began to close: what is sent then would go nowhere. */
  readonly isOpen: boolean;
  /** Bytes handed over that the kernel has not taken, framing included. */
  readonly bufferedBytes: number;
}
