/** One colour for one thing, on every board. A series whose legend stands here has its colour; others take the palette. */

export const SERIES_COLOURS: Readonly<Record<string, string>> = {
  // percentiles: the further out, the hotter
  p50: 'green',
  p95: 'orange',
  p99: 'red',
  max: 'dark-red',
  mean: 'light-green',
  // the way of a message or a tick
  made: 'semi-dark-purple',
  wanted: 'light-blue',
  offered: 'light-blue',
  broadcasts: 'purple',
  published: 'purple',
  accepted: 'light-purple',
  buffered: 'orange',
  flushed: 'yellow',
  delivered: 'green',
  'received by clients': 'dark-green',
  skipped: 'dark-yellow',
  dropped: 'red',
  // connections
  connected: 'green',
  opened: 'green',
  closed: 'orange',
  failed: 'red',
  draining: 'orange',
  // bytes
  received: 'blue',
  sent: 'green',
  'received on the wire': 'semi-dark-blue',
  'sent on the wire': 'semi-dark-green',
  // memory
  rss: 'purple',
  'heap total': 'blue',
  'heap used': 'light-blue',
  external: 'orange',
  'array buffers': 'yellow',
  // CPU
  user: 'blue',
  system: 'orange',
  machine: 'purple',
};

/** A limit that is passed, or a verdict of `fail`. */
export const BAD = 'red';
/** Near a limit, or a verdict of `inconclusive`. */
export const DOUBTFUL = 'orange';
/** Within all limits, or a verdict of `pass`. */
export const GOOD = 'green';
/** A figure that is neither. */
export const NEUTRAL = 'blue';
