/** The connections of the bench's broadcast server: upgrade, subscribe, unsubscribe, ping, marks, close. */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CLOSE_FRAME, serverTextFrame } from '../../../../load-tests/calibration/sink-frames.ts';
import { acceptUpgrade } from '../../../../load-tests/calibration/sink-upgrade.ts';
import { OPCODE } from '../../../../load-tests/generator/client/frame-parser.ts';

const WELCOME = serverTextFrame(
  JSON.stringify({ type: 'welcome', user_id: 'bench', username: 'guest-bench', connectionId: 'bench' }),
);
const PONG = serverTextFrame(JSON.stringify({ type: 'pong' }));
const MARK = serverTextFrame(JSON.stringify({ type: 'mark' }));

export class MemberSockets {
  readonly #members = new Set<Socket>();
  /** Members that have not answered the mark yet. */
  #unmarked = new Set<Socket>();
  /** The room's last offset. */
  offset = 0;
  /** Called whenever a member came, went, or answered a mark. */
  onChange: () => void = () => undefined;

  get count(): number {
    return this.#members.size;
  }

  /** Members that owe an answer to the last mark. */
  get unmarkedCount(): number {
    return this.#unmarked.size;
  }

  list(): readonly Socket[] {
    return [...this.#members];
  }

  /** Sends a mark behind everything. */
  mark(): void {
    this.#unmarked = new Set(this.#members);
    for (const socket of this.#members) socket.write(MARK);
  }

  /** Says that nothing more comes, and which the last offset was. */
  end(): void {
    const frame = serverTextFrame(JSON.stringify({ type: 'end', offset: this.offset }));
    for (const socket of this.#members) socket.write(frame);
  }

  upgrade(request: IncomingMessage, socket: Socket): void {
    acceptUpgrade(request, socket, {
      welcome: WELCOME,
      onFrame: ({ opcode, payload }) => {
        if (opcode === OPCODE.text) this.#take(socket, payload.toString());
        else if (opcode === OPCODE.close) socket.end(CLOSE_FRAME);
      },
    });
    socket.on('close', () => this.#forget(socket));
  }

  #take(socket: Socket, text: string): void {
    // Clients are the bench's own: their messages are these four.
    const message: { type: 'subscribe' | 'unsubscribe' | 'ping' | 'marked' } = JSON.parse(text);
    if (message.type === 'ping') {
      socket.write(PONG);
      return;
    }
    if (message.type === 'marked') {
      this.#unmarked.delete(socket);
      this.onChange();
      return;
    }
    const isJoining = message.type === 'subscribe';
    const type = isJoining ? 'subscribed' : 'unsubscribed';
    const answer = { type, matchId: 1, epoch: 'bench', offset: this.offset };
    socket.write(serverTextFrame(JSON.stringify(answer)));
    if (isJoining) this.#members.add(socket);
    else this.#members.delete(socket);
    this.onChange();
  }

  #forget(socket: Socket): void {
    this.#members.delete(socket);
    this.#unmarked.delete(socket);
    this.onChange();
  }
}
