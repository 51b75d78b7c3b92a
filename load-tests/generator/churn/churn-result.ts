/** What a churn run saw, as data. */

import { type Static, Type } from 'typebox';
import {
  ConnectResultSchema,
  DeliveryLedgerSchema,
  EncodedHistogramSchema,
  FailureCountSchema,
  PublishResultSchema,
  WorkerUsageSchema,
} from '../load-result.ts';

const Count = Type.Integer({ minimum: 0 });
const Ratio = Type.Number({ minimum: 0 });

/** One second from the churn's start until the last of its clients was gone. */
export const ChurnSecondSchema = Type.Object({
  elapsedMs: Type.Number(),
  attempted: Count,
  /** Connections that got their welcome in this second. */
  accepted: Count,
  /** Connections that did not come up. */
  failed: Count,
  /** Open at the end of the second, silent ones included. */
  open: Count,
});

/**
 * How the churn's clients ended. Each client is counted once:
 * attempted = failures of `connect` + {@link ChurnResultSchema} `failures` + clean + reset + halfOpen + unasked.
 */
export const ChurnEndsSchema = Type.Object({
  /** Unsubscribed, acknowledged, and closed by a whole closing handshake. */
  clean: Count,
  reset: Count,
  /** Clients that fell silent. */
  halfOpen: Count,
  /** Ended by the server before the client meant to, by reason. */
  unasked: Type.Array(FailureCountSchema),
});

/** How the server found the clients that fell silent. */
export const HalfOpenSchema = Type.Object({
  silent: Count,
  /** Connections the server ended by itself; the others were given up. */
  detected: Count,
  /** Given up before their time, since the run was ended: nobody knows whether they would have been found. */
  cut: Type.Optional(Count),
  /** How it ended them, such as `close_4004`. */
  reasons: Type.Array(FailureCountSchema),
  /** From the moment the client fell silent to the end of its connection. Its last bytes are up to one heartbeat older. */
  detection: EncodedHistogramSchema,
});

/** All clients lose their connection at once, stay away for a while, and come back at once. */
export const StormSchema = Type.Object({
  /** Connected members before the cut. */
  clients: Count,
  /** Clients that could not connect or join before the cut. */
  gatherFailures: Type.Array(FailureCountSchema),
  /** From the cut to the first attempt to come back. */
  awayMs: Type.Number(),
  /** From the first attempt to the last one: how much "at once" it was. */
  openingMs: Type.Number(),
  /** Those that are members again. */
  recovered: Count,
  /** Attempts to come back that failed; one attempt each. */
  failures: Type.Array(FailureCountSchema),
  /** From the attempt to `welcome`. */
  handshake: EncodedHistogramSchema,
  /** From the attempt to `subscribed`. */
  resume: EncodedHistogramSchema,
  /** From the first attempt to the last `subscribed`. */
  recoveryMs: Type.Number(),
  /** What the server said to `since`: recovered, or the reason why not. */
  results: Type.Array(FailureCountSchema),
  /** Broadcasts that fell into the absence of those that came back: after each one's last message, up to its `subscribed`. */
  missed: Count,
  /** Of these, given back in `missed` of the answer, each counted once. */
  givenBack: Count,
  /** Connections that ended before the cut or after the return though nobody closed them. */
  disconnects: Type.Array(FailureCountSchema),
  publish: PublishResultSchema,
  /** From the first join to the last `unsubscribed`, absence included: what was missed and not given back is lost. */
  ledger: DeliveryLedgerSchema,
});

export const ChurnResultSchema = Type.Object({
  /** `lost-target`: nobody could connect any more, or everyone who had come back was cut off. */
  state: Type.Union([Type.Literal('completed'), Type.Literal('interrupted'), Type.Literal('lost-target')]),
  matchId: Type.Integer(),
  /** Epoch ms when the churn began; 0 when it never did. */
  startedAt: Type.Number(),
  requestedPerSecond: Type.Number(),
  requestedMs: Type.Number(),
  achievedMs: Type.Number(),
  /** Connections that got their welcome while the churn lasted, a second. */
  acceptedPerSecond: Type.Number(),
  connect: ConnectResultSchema,
  /** Actual minus intended time of the connects. */
  scheduleLag: EncodedHistogramSchema,
  /** Clients that could not subscribe, unsubscribe or close: `subscribe_timeout`, `unsubscribe_error_…`, `close_timeout`. */
  failures: Type.Array(FailureCountSchema),
  seconds: Type.Array(ChurnSecondSchema),
  ends: ChurnEndsSchema,
  halfOpen: HalfOpenSchema,
  /** While the churn lasted. */
  publish: PublishResultSchema,
  /** Of the churn's clients, each from its subscribe acknowledgement to its end. */
  ledger: DeliveryLedgerSchema,
  /** Null when the run ended before, or had none. */
  storm: Type.Union([StormSchema, Type.Null()]),
  /** Generator processes over the churn. */
  workers: Type.Array(WorkerUsageSchema),
  /** Busy share of all cores of this machine over the churn (0–1). */
  machineCpuRatio: Type.Union([Ratio, Type.Null()]),
});

export type ChurnResult = Static<typeof ChurnResultSchema>;
export type ChurnSecond = Static<typeof ChurnSecondSchema>;
export type StormResult = Static<typeof StormSchema>;
