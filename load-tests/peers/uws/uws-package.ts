/** Finds uWebSockets.js: the package itself, or the republished 20.30, and nothing that only looks like it. */

export const UWS_PACKAGES = ['uWebSockets.js', '@trufflesuite/uws-js-unofficial'] as const;

export const UWS_MISSING =
  'uWebSockets.js is not installed, or came without a binary for this Node: npm install ' +
  '--no-save @trufflesuite/uws-js-unofficial@20.30.0-unofficial.0 brings one for Node 20.';

/** The few calls of uWebSockets.js that the peer makes. */
export interface UwsSocket {
  subscribe(topic: string): boolean;
  getBufferedAmount(): number;
}

export interface UwsApp {
  ws(
    pattern: string,
    behavior: {
      readonly compression: number;
      readonly maxBackpressure: number;
      readonly open: (socket: UwsSocket) => void;
      readonly close: (socket: UwsSocket) => void;
    },
  ): UwsApp;
  listen(host: string, port: number, listening: (socket: unknown) => void): UwsApp;
  publish(topic: string, message: string | Buffer, isBinary: boolean): boolean;
  close(): UwsApp;
}

export interface UwsModule {
  App(): UwsApp;
  us_socket_local_port(listenSocket: unknown): number;
}

export interface FoundUws {
  readonly name: string;
  readonly module: UwsModule;
}

/**
 * @param load imports a package by its name
 * @returns null when no package is there, or only one without its native part: the republished one
 * then answers with a stand-in built on `ws`, which would be measured as what it is not
 */
export async function findUws(load: (name: string) => Promise<unknown>): Promise<FoundUws | null> {
  for (const name of UWS_PACKAGES) {
    try {
      const module = defaultOf(await load(name));
      if (isNative(module)) return { name, module };
    } catch {
      // Not installed, or its binary does not load: the next one may.
    }
  }
  return null;
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : module;
}

/** Only the native part has HTTP/3. */
function isNative(module: unknown): module is UwsModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'App' in module &&
    'us_socket_local_port' in module &&
    'H3App' in module &&
    typeof module.H3App === 'function'
  );
}
