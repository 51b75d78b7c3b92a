/**
 * What the scripts call their metrics: the names of profiling/live/load-metric-catalogue.ts without `_total` and without
 * the unit. k6's remote write puts `k6_` in front and `_total` behind a counter, gives a trend no unit, and turns its
 * milliseconds into seconds; so `touchline_profile_deliveries_total` becomes `k6_touchline_profile_deliveries_total`.
 */

export const METRICS = {
  connectsAttempted: 'touchline_profile_connects_attempted',
  connectFailures: 'touchline_profile_connect_failures',
  connectDuration: 'touchline_profile_connect_duration',
  disconnects: 'touchline_profile_disconnects',
  connectionsEnded: 'touchline_profile_connections_ended',
  broadcastsSent: 'touchline_profile_broadcasts_sent',
  broadcastsAccepted: 'touchline_profile_broadcasts_accepted',
  publishFailures: 'touchline_profile_publish_failures',
  scheduleLag: 'touchline_profile_schedule_lag',
  deliveries: 'touchline_profile_deliveries',
  deliveryLatency: 'touchline_profile_delivery_latency',
  deliveriesExpected: 'touchline_profile_deliveries_expected',
  deliveriesAmiss: 'touchline_profile_deliveries_amiss',
  errors: 'touchline_profile_errors',
  resumedMessages: 'touchline_profile_resumed_messages',
  recovered: 'touchline_profile_recovered',
  deliveredRatioHeld: 'touchline_profile_delivered_ratio_held',
} as const;

/** Metrics of the scripts that the catalogue does not have, and why. */
export const NOT_IN_CATALOGUE: Readonly<Record<string, string>> = {
  [METRICS.connectionsEnded]:
    'connections that came to their end, whichever: fewer than were tried, and a client was cut short and its book not closed',
  [METRICS.errors]: 'failed subscribes, error events and unreadable messages, by reason: run.json has them',
  [METRICS.resumedMessages]: 'messages that a resume gave back in churn: run.json has them',
  [METRICS.recovered]: 'share of the storm’s clients that came back with all they had missed',
  [METRICS.deliveredRatioHeld]: 'share of tick readers that were given 98 % of the rate',
};

/** Kinds of deliveries that are not as they should be. */
export const AMISS_KINDS = [
  'lost',
  'duplicated',
  'out_of_order',
  'wrong_room',
  'foreign',
  'shared_timestamp',
] as const;

export type AmissKind = (typeof AMISS_KINDS)[number];
