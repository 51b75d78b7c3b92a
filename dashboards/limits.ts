/**
 * The limits that boards draw: what a run is judged by (a test compares them with the profiler's own table), and what a process
 * or a machine cannot pass. Seconds, bytes, ratios, as the metrics have them.
 */

export const LIMITS = {
  /** Delivery latency, of `--threshold p50`, `p95` and `p99`. */
  deliveryP50Seconds: 0.01,
  deliveryP95Seconds: 0.05,
  deliveryP99Seconds: 0.05,
  /** p99 of a tick's latency, which holds the lateness of its making. */
  tickLagSeconds: 0.01,
  /** Loop delay p99 of a server: as long as all of a delivery may take. */
  loopDelaySeconds: 0.05,
  /** RSS of a server for each connection. */
  rssPerConnectionBytes: 50_000,
  /** Connections below which memory for each says more about Node than about connections. */
  connectionsForMemory: 500,
  /** CPU of a server for each 1,000 connections. */
  cpuPer1000Cores: 0.2,
  /** Share of time in collections: above it, pauses are what latency is made of. */
  gcTimeRatio: 0.1,
  /** A scrape holds the loop no longer than this, with 10,000 connections. */
  scrapeSeconds: 0.015,
  /** A server runs JavaScript on one core: from here on everything waits for it. */
  serverLoopRatio: 0.9,
  /** Open file descriptors ÷ the most there may be. */
  fdsRatio: 0.8,
  /** A generator process above this measures itself. */
  workerCpuRatio: 0.8,
  /** p99 of a generator's loop delay; above it, latency holds its own lateness. */
  workerLoopDelaySeconds: 0.01,
  /** The machine of the generator. */
  machineCpuRatio: 0.9,
  /** Unsent bytes wait at most this long before a server closes a slow consumer, by default. */
  queueAgeSeconds: 10,
} as const;
