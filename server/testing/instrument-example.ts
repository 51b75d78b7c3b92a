/** What a user of TypeScript writes; instrument-types.e2e.test.ts compiles it against the types that the package ships. */

import { createServer } from 'node:http';
import {
  collectDefaultMetrics,
  register as globalRegister,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import { type Instrumented, instrument } from 'touchline/instrument';
import { WebSocket, WebSocketServer } from 'ws';

class UserSocket extends WebSocket {
  readonly user: string = '';
}

export function examples(): readonly Instrumented[] {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const wss = new WebSocketServer({ server: createServer() });
  const own = new WebSocketServer({ noServer: true, clientTracking: false, WebSocket: UserSocket });
  return [
    instrument(wss, { register }),
    instrument(own, { register: globalRegister, closeCodes: [4001] }),
    instrument(new WebSocketServer({ noServer: true }), { register: new Registry<OpenMetricsContentType>() }),
  ];
}

export function mistakes(wss: WebSocketServer, register: Registry): void {
  // @ts-expect-error a client is no server
  instrument(new WebSocket('ws://localhost'), { register });
  // @ts-expect-error an http server is no WebSocket server
  instrument(createServer(), { register });
  // @ts-expect-error the register is not optional
  instrument(wss, {});
  // @ts-expect-error a number is no list of codes
  instrument(wss, { register, closeCodes: 4001 });
}
