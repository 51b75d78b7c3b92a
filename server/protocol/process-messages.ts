/** What a server that was started with an IPC channel tells its parent, once it listens. */

export interface ServerListening {
  readonly type: 'listening';
  readonly pid: number;
  /** `ws://127.0.0.1:8000/ws` */
  readonly wsUrl: string;
  /** `http://127.0.0.1:8000` */
  readonly httpUrl: string;
  /** `http://127.0.0.1:9464` */
  readonly adminUrl: string;
}
