/** The engines by their names. */

import type { EngineName } from '../protocol/engine-names.ts';
import type { TransportOptions } from './connection-endpoint.ts';
import type { Engine } from './transport.ts';
import { createUwsEngine } from './uws/uws-engine.ts';
import { createWsEngine } from './ws/ws-engine.ts';

const ENGINES: Readonly<Record<EngineName, (options: TransportOptions) => Engine>> = {
  ws: createWsEngine,
  uws: createUwsEngine,
};

/**
 * Makes an engine; native code is loaded only now.
 *
 * @throws TouchlineError `TL_ENGINE_UNAVAILABLE`
 */
export function createEngine(name: EngineName, options: TransportOptions): Engine {
  return ENGINES[name](options);
}
