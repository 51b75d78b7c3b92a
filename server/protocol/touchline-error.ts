/** Every `TL_…` code touchline can raise, with what it means; README.md mirrors it (checked by a test). */

export const TOUCHLINE_ERRORS = {
  TL_CONFIG_INVALID: 'A server setting has a wrong value; every problem is listed at once.',
  TL_FAULT_INVALID: 'A fault is unknown or its value is out of range.',
  TL_FAULT_IN_PRODUCTION: 'Faults are switched on while NODE_ENV is production.',
  TL_PORT_UNAVAILABLE: 'A port cannot be bound.',
  TL_ENGINE_UNAVAILABLE:
    'The engine that ENGINE names is not installed, or does not run natively on this Node.',
  TL_BODY_INVALID: 'An HTTP body, path or query has a missing, wrong or out-of-range field.',
  TL_BODY_TOO_LARGE: 'An HTTP body is larger than MAX_PAYLOAD_BYTES.',
  TL_CONTENT_TYPE: 'An HTTP body is not application/json.',
  TL_NOT_FOUND: 'No such path on this port.',
  TL_METHOD_NOT_ALLOWED: 'The path exists, the method does not.',
  TL_UNAUTHORIZED: 'The token is missing or wrong.',
  TL_HOST_FORBIDDEN: 'The Host header names a host this server does not answer for.',
  TL_ORIGIN_FORBIDDEN: 'The Origin is foreign and not in ALLOWED_ORIGINS.',
  TL_REQUEST_INVALID: 'A request is not HTTP/1.1, names no host or several, is too large or took too long.',
  TL_UPGRADE_INVALID: 'The WebSocket upgrade request is malformed.',
  TL_TOO_MANY_CONNECTIONS: 'MAX_CONNECTIONS or MAX_CONNECTIONS_PER_IP is reached.',
  TL_DRAINING: 'The server is shutting down and takes no new work.',
  TL_GC_UNAVAILABLE: 'Garbage collection cannot be forced: node runs without --expose-gc.',
  TL_CLASS_COUNTS_UNAVAILABLE: 'Live instances cannot be counted: this Node has no inspector.',
  TL_TOO_MANY_PAGES: 'As many pages of /live are open as one server sends to.',
  TL_SNAPSHOT_RUNNING: 'A heap snapshot is being written; there is one at a time.',
  TL_PROFILE_RUNNING: 'A profile of this kind is running; there is one of each kind at a time.',
  TL_PROFILE_NOT_RUNNING: 'A profile shall be stopped, and none is running.',
  TL_PROFILE_UNAVAILABLE: 'The process cannot be profiled: it gives no access, or its Node has no inspector.',
  TL_PROFILE_INVALID: 'A profile is not of the shape that V8 writes.',
  TL_INSTRUMENT_INVALID: 'instrument was given no ws server, no prom-client registry or no close codes.',
  TL_ALREADY_INSTRUMENTED: 'instrument was called twice for the same server.',
  TL_INTERNAL: 'A defect in touchline; the log has the stack.',
  TL_USAGE: 'The command line is wrong.',
  TL_OUT_NOT_WRITABLE: 'The output folder cannot be written.',
  TL_NOT_BUILT: 'dist/ is missing: run npm run build.',
  TL_PLAN_INVALID: 'A load plan cannot be carried out as asked.',
  TL_TARGET_UNREACHABLE: 'The server to be measured does not answer.',
  TL_ATTACH_REFUSED:
    'The process of --attach is not proven to be a Node.js process of this user whose inspector can be opened.',
  TL_ATTACH_FAILED: 'The inspector of the attached process did not answer, or refused what was asked.',
  TL_INTERRUPTED: 'A signal ended the command before there was anything to report.',
  TL_TARGET_DIED: 'The server to be measured went away during the run.',
  TL_SERVER_START_FAILED: 'The spawned reference server did not become ready.',
  TL_WORKER_FAILED: 'A load-generator worker crashed or stopped answering.',
  TL_BROWSER_UNAVAILABLE: 'A browser reader needs playwright-core and Chromium; one of them is missing.',
  TL_K6_UNAVAILABLE: 'There is no k6 2.x, and nothing to get it with: neither Docker nor Go.',
  TL_SNAPSHOT_INVALID: 'A file is not a heap snapshot of V8 that can be read; it says where it went wrong.',
  TL_SNAPSHOTS_UNRELATED:
    'Heap snapshots are of different processes, or not in the order in which they were taken.',
  TL_TOOL_UNAVAILABLE: 'A tool that profiles the server is not installed (0x), or could not be (clinic).',
  TL_TOOL_FAILED:
    'A tool that profiles the server (0x, clinic) did not start it, did not end, or left nothing.',
  TL_RECORD_INVALID: 'A run.json is not a readable run record of a known version.',
} as const;

/** One of the documented `TL_…` codes. */
export type TouchlineErrorCode = keyof typeof TOUCHLINE_ERRORS;

/** Everything that is not counted data: says what was expected and what was received. */
export class TouchlineError extends Error {
  override readonly name = 'TouchlineError';
  readonly code: TouchlineErrorCode;

  /**
   * @param code a documented code
   * @param message one sentence: what was expected and what came
   */
  constructor(code: TouchlineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
