/** Time as the server reads it; injected, so that tests own it. */
export interface Clock {
  /** Monotonic ms; its zero means nothing. */
  nowMs(): number;
  /** Unix time in ms. */
  epochMs(): number;
  /** `process.hrtime.bigint()`: ns that other processes of this machine can compare. */
  hrtimeNs(): bigint;
}
