/** What a load of HTTP requests saw, as data: the generator fills it, run.json keeps it, the analysis reads it. */

import { type Static, Type } from 'typebox';
import {
  EncodedHistogramSchema,
  FailureCountSchema,
  SecondSchema,
  WorkerUsageSchema,
} from '../load-result.ts';

const Count = Type.Integer({ minimum: 0 });

/** Of one of autocannon's histograms, in its unit: whole ms, or counts a second. */
const AutocannonHistogramSchema = Type.Object({
  average: Type.Number(),
  max: Type.Number(),
  p50: Type.Number(),
  p97_5: Type.Number(),
  p99: Type.Number(),
});

/**
 * What autocannon itself makes of a load, as its `--json` prints it; here stands what is read of it, and the rest is kept
 * with it. It takes in the warm-up and the drain.
 */
export const AutocannonResultSchema = Type.Object({
  '2xx': Count,
  non2xx: Count,
  /** Time-outs included. */
  errors: Count,
  timeouts: Count,
  /** Seconds. */
  duration: Type.Number(),
  latency: AutocannonHistogramSchema,
  requests: AutocannonHistogramSchema,
  throughput: AutocannonHistogramSchema,
});

/** Answers of one status. */
export const HttpStatusSchema = Type.Object({
  status: Type.Integer(),
  count: Count,
  /** The beginning of the first body of a status that is no 2xx; null where it had none. */
  sample: Type.Union([Type.String(), Type.Null()]),
});

export const HttpLoadResultSchema = Type.Object({
  /** `lost-target`: every connection was given up, since nothing answered any more. */
  state: Type.Union([Type.Literal('completed'), Type.Literal('interrupted'), Type.Literal('lost-target')]),
  connections: Count,
  /** Epoch ms when the measured window began; 0 when it never did. */
  measureStartedAt: Type.Number(),
  measureRequestedMs: Type.Number(),
  measureAchievedMs: Type.Number(),
  /** From the first request to the last answer, warm-up and drain included: sent = answers + failures + undetermined. */
  sent: Count,
  statuses: Type.Array(HttpStatusSchema),
  /** Requests that came to no answer: `timeout`, `ECONNRESET`, `answer_cut` … */
  failures: Type.Array(FailureCountSchema),
  /** Requests that were under way when the load was broken off. */
  undetermined: Count,
  /** Connections that were given up after so many failures in a row. */
  givenUp: Count,
  /** Of the measured window, by the time the answer was complete. */
  window: Type.Object({
    answers: Count,
    /** Heads and bodies of the answers. */
    bytes: Count,
    /** From handing the request to the socket until its answer was read, µs; what was answered in each half. */
    firstHalf: EncodedHistogramSchema,
    secondHalf: EncodedHistogramSchema,
    seconds: Type.Array(SecondSchema),
  }),
  /** Null where nothing was sent. */
  autocannon: Type.Union([AutocannonResultSchema, Type.Null()]),
  workers: Type.Array(WorkerUsageSchema),
  /** Busy share of all cores of this machine over the measured window (0–1), from /proc/stat. */
  machineCpuRatio: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
});

export type HttpLoadResult = Static<typeof HttpLoadResultSchema>;
export type AutocannonResult = Static<typeof AutocannonResultSchema>;
export type HttpStatus = Static<typeof HttpStatusSchema>;
