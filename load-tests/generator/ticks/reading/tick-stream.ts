/** What the lean reader makes of one connection's bytes: ticks are checked and counted, control messages understood. */

import { WordReader } from '../../../workloads/byte-template.ts';
import { FrameParser, type FrameReader, type FrameSink } from '../../client/frame-parser.ts';
import type { TickFormat } from '../tick-plan.ts';
import { BinaryTicks } from './binary-ticks.ts';
import { JsonTicks } from './json-ticks.ts';
import { SymbolTable } from './symbol-table.ts';
import { readTickControl, type TickHello, tickDates, toMonotonicUs } from './tick-control.ts';
import { TickLedger } from './tick-ledger.ts';
import type { TickReading, TickTimer } from './tick-reading.ts';

/** Begins every text that is no tick. */
const CONTROL_HEAD = Buffer.from('{"type":');

/** Where a worker's readers note what came. */
export interface TickIntake extends TickTimer {
  /** Ticks and bytes came by one read, at `receivedUs`. */
  count(ticks: number, bytes: number): void;
  /** The server said that it left out so many. */
  skip(ticks: number): void;
}

export interface TickStreamOptions {
  readonly format: TickFormat;
  readonly timeEvery: number;
  readonly intake: TickIntake;
  /** The hello came. */
  readonly onHello: (hello: TickHello) => void;
}

/** Stands between a socket and its frames; see {@link FrameReader}. */
export class TickStream implements FrameReader, FrameSink {
  readonly ledger = new TickLedger();
  readonly #options: TickStreamOptions;
  readonly #parser = new FrameParser();
  readonly #words = new WordReader();
  /** Null before the hello. */
  #ticks: TickReading | null = null;
  #sink: FrameSink | null = null;

  constructor(options: TickStreamOptions) {
    this.#options = options;
  }

  push(bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    this.#sink = sink;
    const before = this.ledger.received;
    let at = start;
    while (at < end) {
      if (this.#ticks !== null && this.#parser.isAtMessage) {
        at = this.#ticks.scan(this.#words.of(bytes), at, end);
      }
      // A control frame, a tick that is cut, or one that needs a closer look.
      if (at < end) at = this.#parser.pushFrame(bytes, at, end, this);
    }
    this.#options.intake.count(this.ledger.received - before, end - start);
  }

  onText(bytes: Buffer, start: number, end: number): void {
    const isControl =
      bytes.compare(CONTROL_HEAD, 0, CONTROL_HEAD.length, start, Math.min(start + 8, end)) === 0;
    if (isControl) this.#control(bytes.toString('utf8', start, end));
    else if (this.#options.format === 'json') this.#take(bytes, start, end);
    else this.ledger.countForeignText();
  }

  onBinary(bytes: Buffer, start: number, end: number): void {
    if (this.#options.format === 'binary') this.#take(bytes, start, end);
    else this.ledger.countCorrupt();
  }

  onPing(bytes: Buffer, start: number, end: number): void {
    this.#sink?.onPing(bytes, start, end);
  }

  onClose(code: number): void {
    this.#sink?.onClose(code);
  }

  onViolation(what: string): void {
    this.#sink?.onViolation(what);
  }

  #take(bytes: Buffer, start: number, end: number): void {
    if (this.#ticks?.take(this.#words.of(bytes), bytes, start, end) !== true) this.ledger.countCorrupt();
  }

  #control(text: string): void {
    const control = readTickControl(text);
    if (control.type === 'conflated') {
      this.ledger.countSkipped(control.skipped, control.upToCount);
      this.#options.intake.skip(control.skipped);
    } else if (control.type === 'hello' && this.#ticks === null) {
      this.#begin(control.hello);
    } else {
      this.ledger.countForeignText();
    }
  }

  #begin(hello: TickHello): void {
    const { format, timeEvery, intake, onHello } = this.#options;
    if (format === 'json') this.ledger.begin(hello.seq);
    const options = {
      symbols: symbolTable(hello.symbols),
      dates: tickDates(hello),
      ledger: this.ledger,
      timer: intake,
      timeEvery,
      toMonotonicUs: toMonotonicUs(hello),
    };
    this.#ticks = format === 'json' ? new JsonTicks(options) : new BinaryTicks(options);
    onHello(hello);
  }
}

let lastSymbols = '';
let lastTable: SymbolTable | null = null;

/** One table for all connections to one server. */
function symbolTable(symbols: readonly string[]): SymbolTable {
  const key = JSON.stringify(symbols);
  if (lastTable === null || key !== lastSymbols) {
    lastSymbols = key;
    lastTable = new SymbolTable(symbols);
  }
  return lastTable;
}
