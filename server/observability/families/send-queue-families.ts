/** What waits to be sent. */

import { single } from '../metric-samples.ts';
import type { SendQueue } from '../send-queue.ts';

export function sendQueueFamilies(queue: SendQueue) {
  return {
    touchline_send_queue_bytes: single(queue.totalBytes),
    touchline_send_queue_bytes_max: single(queue.maxBytes),
    touchline_send_queue_age_seconds_max: single(queue.maxAgeMs / 1000),
    touchline_slow_consumers: single(queue.connections),
  };
}
