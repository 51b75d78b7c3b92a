import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP peer that writes whatever bytes a test wants; for input that no client library would send. */
export class RawPeer {
  readonly socket: Socket;
  /** Settles when the connection is gone. */
  readonly closed: Promise<void>;
  #bytes = Buffer.alloc(0);
  #wake: (() => void) | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#wake?.();
        resolve();
      });
    });
  }

  static async open(url: string): Promise<RawPeer> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawPeer(socket);
  }

  /** Opens and completes a WebSocket handshake. */
  static async upgrade(wsUrl: string, headers: Readonly<Record<string, string>> = {}): Promise<RawPeer> {
    const peer = await RawPeer.open(wsUrl);
    peer.write(upgradeRequest(wsUrl, headers));
    await peer.readUntil('\r\n\r\n');
    return peer;
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** Everything up to and with the text; what follows stays. */
  async readUntil(text: string): Promise<string> {
    let end = this.#bytes.indexOf(text);
    while (end < 0 && !this.socket.destroyed) {
      await this.#more();
      end = this.#bytes.indexOf(text);
    }
    return this.#take(end < 0 ? this.#bytes.length : end + text.length).toString();
  }

  /** Everything until the other side ends. */
  async readAll(): Promise<string> {
    await this.closed;
    return this.#take(this.#bytes.length).toString();
  }

  /** The code of the close frame that comes next, past any messages. */
  async readCloseCode(): Promise<number> {
    for (;;) {
      const [head, length] = [await this.#read(1), ((await this.#read(1))[0] ?? 0) & 0x7f];
      const size = length === 126 ? (await this.#read(2)).readUInt16BE() : length;
      const payload = await this.#read(size);
      if (((head[0] ?? 0) & 0x0f) === 0x08) return payload.readUInt16BE();
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  async #read(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.socket.destroyed) throw new Error('the connection ended before a close frame came');
      await this.#more();
    }
    return this.#take(count);
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** An upgrade request; a header set to the empty text is left out. */
export function upgradeRequest(wsUrl: string, headers: Readonly<Record<string, string>> = {}): string {
  const { host, pathname } = new URL(wsUrl);
  const all = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** One masked frame. @param firstByte FIN, reserved bits and opcode */
export function maskedFrame(firstByte: number, payload: string | Buffer): Buffer {
  const data = Buffer.from(payload);
  const mask = Buffer.from([1, 2, 3, 4]);
  const header =
    data.length < 126
      ? Buffer.from([firstByte, 0x80 | data.length])
      : data.length < 65_536
        ? Buffer.from([firstByte, 0x80 | 126, data.length >> 8, data.length & 0xff])
        : longHeader(firstByte, data.length);
  const masked = Buffer.from(data);
  for (let index = 0; index < masked.length; index += 1) {
    masked[index] = (masked[index] ?? 0) ^ (mask[index % 4] ?? 0);
  }
  return Buffer.concat([header, mask, masked]);
}

function longHeader(firstByte: number, length: number): Buffer {
  const header = Buffer.alloc(10);
  header[0] = firstByte;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
