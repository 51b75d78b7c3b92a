import { eachFrame } from '../hub/frames/each-frame.ts';
import type { Socket } from '../hub/socket.ts';

/** A socket that remembers everything; `bufferedBytes` is the test's to set. */
export class FakeSocket implements Socket {
  isOpen = true;
  bufferedBytes = 0;
  readonly sent: string[] = [];
  closedWith: { readonly code: number; readonly reason: string } | null = null;
  terminated = false;
  /** How often it was written to; in a cork, once. */
  writes = 0;
  #isCorked = false;

  send(data: Buffer | string): void {
    this.sent.push(data.toString());
    if (!this.#isCorked) this.writes += 1;
  }

  sendFrames(frames: Buffer): void {
    eachFrame(frames, (payload) => this.sent.push(payload.toString()));
    if (!this.#isCorked) this.writes += 1;
  }

  cork(): void {
    this.#isCorked = true;
  }

  uncork(): void {
    this.#isCorked = false;
    this.writes += 1;
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
  }

  terminate(): void {
    this.terminated = true;
  }

  /** What was sent since the last call, parsed. */
  take(): unknown[] {
    return this.sent.splice(0).map((text) => JSON.parse(text));
  }
}
