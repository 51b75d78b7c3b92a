/** Everyone watches one match on `/ws`; commentary is published over HTTP. */

import { isUtf8 } from 'node:buffer';
import { DigitReader } from '../generator/ledger/digit-reader.ts';
import {
  formatLedgerText,
  type LedgerEntry,
  LedgerEntryReader,
  ledgerPrefix,
} from '../generator/ledger/ledger-entry.ts';
import { ByteTemplate, WordReader } from './byte-template.ts';
import type {
  Position,
  PublishRequest,
  Resume,
  ServerEvent,
  ServerReading,
  Workload,
  WorkloadPlan,
} from './workload.ts';

/** Any minute will do; a fixed one keeps message lengths equal. */
const MINUTE = 1;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;

/** The words of `/ws` for the one match of a plan. */
export function createMatchesWorkload(plan: WorkloadPlan): Workload {
  return new MatchesWorkload(plan);
}

/** The stretches of a commentary as this server writes it, between its numbers. */
interface CommentaryTemplate {
  readonly head: ByteTemplate;
  readonly data: ByteTemplate;
  readonly text: ByteTemplate;
}

class MatchesWorkload implements Workload {
  readonly joinText: string;
  readonly leaveText: string;
  readonly pingText = JSON.stringify({ type: 'ping' });
  readonly reading: ServerReading = {
    entry: { publisher: 0, seq: 0, intendedUs: 0, sentUs: 0 },
    offset: 0,
    error: '',
    epoch: '',
    resume: null,
  };
  readonly #plan: WorkloadPlan;
  /** What the last `subscribed` gave back. */
  #missed: readonly unknown[] = [];
  readonly #template: CommentaryTemplate;
  readonly #words = new WordReader();
  readonly #entries: LedgerEntryReader;
  readonly #digits = new DigitReader();

  constructor(plan: WorkloadPlan) {
    this.#plan = plan;
    this.joinText = JSON.stringify({ type: 'subscribe', matchId: plan.matchId });
    this.leaveText = JSON.stringify({ type: 'unsubscribe', matchId: plan.matchId });
    this.#template = {
      head: new ByteTemplate(`{"type":"commentary","matchId":${plan.matchId},"offset":`),
      data: new ByteTemplate(',"data":{"id":'),
      text: new ByteTemplate(`,"minute":${MINUTE},"text":"${ledgerPrefix(plan.runId)}`),
    };
    this.#entries = new LedgerEntryReader(plan.runId);
  }

  resumeText({ epoch, offset }: Position): string {
    return JSON.stringify({ type: 'subscribe', matchId: this.#plan.matchId, since: { epoch, offset } });
  }

  read(bytes: Buffer, start: number, end: number): ServerEvent {
    return this.#readFast(bytes, start, end) ? 'delivery' : this.#readSlow(bytes, start, end);
  }

  readMissed(index: number): ServerEvent {
    const message = this.#missed[index];
    return isObject(message) && message['type'] === 'commentary' ? this.#readCommentary(message) : 'corrupt';
  }

  publishRequest(entry: Readonly<LedgerEntry>): PublishRequest {
    const text = formatLedgerText(this.#plan.runId, entry, this.#plan.textLength);
    return {
      path: `/matches/${this.#plan.matchId}/commentary`,
      body: JSON.stringify({ minute: MINUTE, text }),
    };
  }

  acceptedOffset(body: string): number | null {
    const answer = parseJson(body);
    return isObject(answer) ? offsetOf(answer) : null;
  }

  /** Reads a commentary of this run out of its bytes; false means "look closer", not "wrong". */
  #readFast(bytes: Buffer, start: number, end: number): boolean {
    const { head, data, text } = this.#template;
    const view = this.#words.of(bytes);
    const digits = this.#digits;
    if (!head.isAt(view, start, end)) return false;
    // The item closes with `}}`: a message cut short goes the slow way and is found out.
    if (bytes[end - 1] !== CLOSING_BRACE || bytes[end - 2] !== CLOSING_BRACE) return false;
    // Each template begins with the comma that ends the number before it.
    let at = digits.read(view, start + head.length, end, COMMA);
    if (at < 0 || !data.isAt(view, at, end)) return false;
    this.reading.offset = digits.value;
    at = digits.read(view, at + data.length, end, COMMA);
    if (at < 0 || !text.isAt(view, at, end)) return false;
    return this.#entries.readFields(view, at + text.length, end, this.reading.entry);
  }

  #readSlow(bytes: Buffer, start: number, end: number): ServerEvent {
    const part = bytes.subarray(start, end);
    const message = isUtf8(part) ? parseJson(part.toString()) : undefined;
    if (!isObject(message)) return 'corrupt';
    switch (message['type']) {
      case 'welcome':
        return 'welcome';
      case 'commentary':
        return this.#readCommentary(message);
      case 'subscribed':
        return this.#readJoin(message);
      case 'unsubscribed':
        return this.#readMembership(message, 'left');
      case 'pong':
        return 'pong';
      case 'error':
        this.reading.error = typeof message['code'] === 'string' ? message['code'] : 'unnamed';
        return 'error';
      default:
        return 'other';
    }
  }

  #readCommentary(message: Readonly<Record<string, unknown>>): ServerEvent {
    if (message['matchId'] !== this.#plan.matchId) return 'wrong-room';
    const offset = offsetOf(message);
    const data = message['data'];
    if (offset === null || !isObject(data) || typeof data['text'] !== 'string') return 'corrupt';
    this.reading.offset = offset;
    const text = Buffer.from(data['text']);
    return this.#entries.read(text, 0, text.length, this.reading.entry) ? 'delivery' : 'foreign';
  }

  #readJoin(message: Readonly<Record<string, unknown>>): ServerEvent {
    const { epoch, missed } = message;
    this.reading.epoch = typeof epoch === 'string' ? epoch : '';
    this.#missed = Array.isArray(missed) ? missed : [];
    this.reading.resume = resumeOf(message, this.#missed.length);
    return this.#readMembership(message, 'joined');
  }

  #readMembership(message: Readonly<Record<string, unknown>>, event: 'joined' | 'left'): ServerEvent {
    if (message['matchId'] !== this.#plan.matchId) return 'other';
    const offset = offsetOf(message);
    if (offset === null) return 'corrupt';
    this.reading.offset = offset;
    return event;
  }
}

/** A server that does not say whether it recovered has not. */
function resumeOf(message: Readonly<Record<string, unknown>>, missed: number): Resume | null {
  const { recovered, reason } = message;
  if (recovered === true) return { recovered, missed };
  return recovered === false ? { recovered, reason: typeof reason === 'string' ? reason : 'unnamed' } : null;
}

function offsetOf(message: Readonly<Record<string, unknown>>): number | null {
  const offset = message['offset'];
  return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 ? offset : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
