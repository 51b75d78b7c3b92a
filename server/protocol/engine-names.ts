/** What the server can run on. */

export const ENGINES = ['ws', 'uws'] as const;

/** `ws`: Node's sockets and the library ws. `uws`: uWebSockets.js, native code. */
export type EngineName = (typeof ENGINES)[number];
