/** A reader by the `ws` library: a string or a buffer a message, `JSON.parse`, then the same checks as everyone's. */

import { ParsedTicks } from '../../ticks/reading/parsed-ticks.ts';
import { type TickHello, toMonotonicUs } from '../../ticks/reading/tick-control.ts';
import type { TickLedger } from '../../ticks/reading/tick-ledger.ts';
import { timeTick } from '../../ticks/reading/tick-reading.ts';
import type { TickIntake } from '../../ticks/reading/tick-stream.ts';
import type { TickFormat } from '../../ticks/tick-plan.ts';

export interface WsTickReaderOptions {
  readonly format: TickFormat;
  readonly timeEvery: number;
  readonly intake: TickIntake;
  readonly onHello: (hello: TickHello) => void;
}

export class WsTickReader {
  readonly #options: WsTickReaderOptions;
  readonly #ticks: ParsedTicks;
  #toMonotonicUs = 0;

  constructor(options: WsTickReaderOptions) {
    this.#options = options;
    this.#ticks = new ParsedTicks({
      format: options.format,
      onHello: (hello) => {
        this.#toMonotonicUs = toMonotonicUs(hello);
        options.onHello(hello);
      },
      onSkipped: (ticks) => options.intake.skip(ticks),
    });
  }

  get ledger(): TickLedger {
    return this.#ticks.ledger;
  }

  /** Takes `bytes[start, end)`, a text message. */
  text(bytes: Buffer, start: number, end: number): void {
    const before = this.ledger.received;
    const tick = this.#ticks.takeText(bytes.toString('utf8', start, end));
    this.#note(tick?.ts, before, end - start);
  }

  /** Takes `bytes[start, end)`, a binary message. */
  binary(bytes: Buffer, start: number, end: number): void {
    const before = this.ledger.received;
    const tick = this.#ticks.takeBinary(new DataView(bytes.buffer, bytes.byteOffset + start, end - start));
    this.#note(tick?.ts, before, end - start);
  }

  #note(ts: number | undefined, receivedBefore: number, payloadBytes: number): void {
    const { intake, timeEvery } = this.#options;
    const { received } = this.ledger;
    intake.count(received - receivedBefore, payloadBytes + headerBytes(payloadBytes));
    if (ts !== undefined && received % timeEvery === 0) timeTick(intake, ts * 1_000 + this.#toMonotonicUs);
  }
}

/** What a server's frame has in front of so long a message. */
function headerBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}
