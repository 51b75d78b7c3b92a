import { type ClientOptions, WebSocket } from 'ws';

/** A message as it came; tests look into it by `toMatchObject`. */
export type ReceivedMessage = Readonly<Record<string, unknown>>;

/** How a connection ended. */
export interface ReceivedClose {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client that is asked, not listened to: `await client.next()`. */
export class TestClient {
  readonly webSocket: WebSocket;
  /** Settles when the connection is gone. */
  readonly closed: Promise<ReceivedClose>;
  readonly #queue: ReceivedMessage[] = [];
  readonly #waiting: ((message: ReceivedMessage) => void)[] = [];

  constructor(url: string, options: ClientOptions = {}) {
    this.webSocket = new WebSocket(url, options);
    this.webSocket.on('message', (data) => this.#push(JSON.parse(data.toString())));
    this.webSocket.on('error', () => {});
    // Not events.once: it would reject when a refused upgrade is an error first.
    this.closed = new Promise((resolve) => {
      this.webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Connects and takes the welcome. */
  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const client = new TestClient(url, options);
    await client.nextOf('welcome');
    return client;
  }

  /** Messages that came and were not taken. */
  get pending(): number {
    return this.#queue.length;
  }

  send(message: unknown): void {
    this.webSocket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message in order. */
  next(): Promise<ReceivedMessage> {
    const message = this.#queue.shift();
    return message === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(message);
  }

  /** The next message, which must be of this type. */
  async nextOf(type: string): Promise<ReceivedMessage> {
    const message = await this.next();
    if (message['type'] !== type) throw new Error(`expected ${type}; received ${JSON.stringify(message)}`);
    return message;
  }

  /** Sends one message and takes the next. */
  ask(message: unknown): Promise<ReceivedMessage> {
    this.send(message);
    return this.next();
  }

  /** Everything that came before the answer to a ping sent now. */
  async untilPong(): Promise<readonly ReceivedMessage[]> {
    this.send({ type: 'ping' });
    const messages: ReceivedMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message['type'] === 'pong') return messages;
      messages.push(message);
    }
  }

  /** Ends the connection, with a handshake. */
  async close(): Promise<ReceivedClose> {
    this.webSocket.close(1000);
    return this.closed;
  }

  #push(message: ReceivedMessage): void {
    const resolve = this.#waiting.shift();
    if (resolve === undefined) this.#queue.push(message);
    else resolve(message);
  }
}
