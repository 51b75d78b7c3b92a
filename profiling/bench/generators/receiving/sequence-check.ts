/**
 * What one client makes of the bench's messages when somebody who knows his tool writes it by hand: compare the sequence, count,
 * parse only what is not the message that is due. The scripts for k6, Artillery and plain `ws` share it, so it uses nothing
 * but the language.
 */

/** How the server begins a commentary; its offset follows, then a comma. */
export const COMMENTARY_HEAD = '{"type":"commentary","matchId":1,"offset":';

/** A message of the bench's server, parsed. */
export interface BenchMessage {
  readonly type: string;
  readonly offset: number;
  readonly data: { readonly intendedAt: number; readonly sentAt: number };
}

export type Taken = 'delivery' | 'mark' | 'end' | 'other';

export class SequenceCheck {
  received = 0;
  /** Offsets that never came. */
  lost = 0;
  /** Messages whose offset did not rise. */
  repeated = 0;
  #last = 0;

  /**
   * The next one in order is known by how it begins. Ours reads no more of it either, and k6 would spend two thirds of its time
   * in `JSON.parse`.
   */
  take(text: string): Taken {
    if (!text.startsWith(`${COMMENTARY_HEAD}${this.#last + 1},`)) return this.#takeOther(JSON.parse(text));
    this.received += 1;
    this.#last += 1;
    return 'delivery';
  }

  #takeOther(message: BenchMessage): Taken {
    switch (message.type) {
      case 'commentary':
        this.#deliver(message.offset);
        return 'delivery';
      case 'subscribed':
        this.#last = message.offset;
        return 'other';
      case 'mark':
        return 'mark';
      case 'end':
        this.lost += message.offset - this.#last;
        return 'end';
      default:
        return 'other';
    }
  }

  #deliver(offset: number): void {
    this.received += 1;
    if (offset <= this.#last) {
      this.repeated += 1;
      return;
    }
    this.lost += offset - this.#last - 1;
    this.#last = offset;
  }
}

export const SUBSCRIBE = JSON.stringify({ type: 'subscribe', matchId: 1 });
export const MARKED = JSON.stringify({ type: 'marked' });
