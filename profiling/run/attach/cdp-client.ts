/** A client of the Chrome DevTools Protocol, as the inspector of Node.js speaks it. */

import WebSocket from 'ws';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

/** A profile of minutes is some MB; a message above this is no answer of an inspector. */
const MOST_MESSAGE_BYTES = 512 * 1_024 * 1_024;
const CONNECT_TIMEOUT_MS = 5_000;
/** A busy loop answers late. */
const LAST_ANSWERS_MS = 30_000;

interface Waiting {
  readonly method: string;
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: TouchlineError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Told of each event; the next message is not read before what it returns has settled. */
export type EventListener = (params: Readonly<Record<string, unknown>>) => Promise<void> | void;

/** One session. Every call has a timeout; one that ends makes what waits for it fail. */
export class CdpClient {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<string, EventListener>();
  /** Also those that nobody waits for any more. */
  private readonly unanswered = new Set<number>();
  private onAllAnswered: (() => void) | undefined;
  private lastId = 0;
  /** Settles when every event so far was taken: a write of one must not overtake that of another. */
  private taken: Promise<void> = Promise.resolve();
  private eventsHeld = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.receive(String(data)));
    socket.once('close', () => {
      this.failAll('its connection ended');
      this.onAllAnswered?.();
    });
    socket.on('error', (error) => this.failAll(error.message));
  }

  /** @throws TouchlineError `TL_ATTACH_FAILED` when nobody takes the connection in time */
  static connect(address: string): Promise<CdpClient> {
    const socket = new WebSocket(address, {
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MOST_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      const onError = (error: Error) => reject(failed(`an inspector at ${address}`, error.message));
      socket.once('error', onError);
      socket.once('open', () => {
        socket.off('error', onError);
        resolve(new CdpClient(socket));
      });
    });
  }

  /** Listens to one kind of event; undefined listens no longer. */
  on(event: string, listener: EventListener | undefined): void {
    if (listener === undefined) this.listeners.delete(event);
    else this.listeners.set(event, listener);
  }

  /** @throws TouchlineError `TL_ATTACH_FAILED` when the answer is an error, or none comes in time */
  call(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    timeoutMs = 15_000,
  ): Promise<Readonly<Record<string, unknown>>> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const onTimeout = () => this.settle(id)?.reject(failed(method, `no answer for ${timeoutMs / 1_000} s`));
      this.waiting.set(id, { method, resolve, reject, timer: setTimeout(onTimeout, timeoutMs) });
      if (this.socket.readyState !== WebSocket.OPEN) return this.failAll('its connection had ended');
      this.unanswered.add(id);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Runs an expression in the process. @returns its value, which must be JSON */
  async evaluate(expression: string): Promise<unknown> {
    // The command-line API holds `require`, which modules do not have.
    const answer = await this.call('Runtime.evaluate', {
      expression,
      includeCommandLineAPI: true,
      returnByValue: true,
      silent: true,
    });
    const thrown = memberOf(answer, 'exceptionDetails');
    if (thrown !== undefined) throw failed('Runtime.evaluate', JSON.stringify(thrown).slice(0, 200));
    return memberOf(memberOf(answer, 'result'), 'value');
  }

  /**
   * Ends the session; never throws. Not before the last answer has come: the inspector of Node.js crashes the process when it
   * writes to a session that is gone. And without the closing handshake of WebSocket: when the inspector is closed while its
   * answer to that is written, it crashes, too.
   *
   * @param patienceMs how long answers are waited for
   */
  async close(patienceMs = LAST_ANSWERS_MS): Promise<void> {
    await this.lastAnswers(patienceMs);
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const ended = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.socket.terminate();
    await ended;
  }

  private async lastAnswers(patienceMs: number): Promise<void> {
    if (this.unanswered.size === 0 || this.socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.onAllAnswered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private receive(text: string): void {
    const message: unknown = parsed(text);
    const id = memberOf(message, 'id');
    const method = memberOf(message, 'method');
    if (typeof id === 'number') {
      this.unanswered.delete(id);
      if (this.unanswered.size === 0) this.onAllAnswered?.();
      void this.taken.then(() => this.answer(id, message));
    } else if (typeof method === 'string') this.tell(method, recordOf(memberOf(message, 'params')));
  }

  private answer(id: number, message: unknown): void {
    const waiting = this.settle(id);
    const error = memberOf(message, 'error');
    if (error === undefined) waiting?.resolve(recordOf(memberOf(message, 'result')));
    else waiting?.reject(failed(waiting.method, String(memberOf(error, 'message'))));
  }

  private tell(event: string, params: Readonly<Record<string, unknown>>): void {
    const listener = this.listeners.get(event);
    if (listener === undefined) return;
    // What was read from the socket already still comes.
    this.eventsHeld += 1;
    this.socket.pause();
    this.taken = this.taken
      .then(() => listener(params))
      .catch(() => undefined)
      .then(() => {
        this.eventsHeld -= 1;
        if (this.eventsHeld === 0) this.socket.resume();
      });
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }

  private failAll(why: string): void {
    for (const [id, { method }] of [...this.waiting]) this.settle(id)?.reject(failed(method, why));
  }
}

function failed(expected: string, received: string): TouchlineError {
  return new TouchlineError(
    'TL_ATTACH_FAILED',
    `expected ${expected} of the attached process to answer; received ${received}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No message of this protocol.
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
