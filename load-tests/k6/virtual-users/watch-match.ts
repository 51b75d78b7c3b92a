/** A client that watches a match until everybody leaves. */

import { setTimeout } from 'k6/timers';
import { joinAfterMs, planOf, type RunStart } from '../lib/run-plan.ts';
import { Sampler, sampleEvery } from '../lib/sampling.ts';
import type { Settings } from '../lib/settings.ts';
import { MatchClient } from './match-client.ts';
import { RoomBook } from './room-book.ts';

/** Few enough for a client's rate limit, and some even in a short test. */
const PING_EVERY_MS = 1_000;

/** One in so many deliveries is timed: as told, or as many as say enough. */
export function deliverySampleEvery(settings: Settings, broadcastsPerSecond: number): number {
  const { clients, durationSeconds, sampleEvery: told } = settings;
  return told > 0 ? told : sampleEvery(clients * broadcastsPerSecond * durationSeconds);
}

/**
 * Joins in its turn, watches and pings, leaves behind the fence when the load is over.
 *
 * @param index of the client, from 0
 */
export function watchMatch(settings: Settings, start: RunStart, index: number): void {
  const plan = planOf(settings);
  const sampler = new Sampler(deliverySampleEvery(settings, settings.ratePerSecond), index);
  const join = () => {
    const { wsUrl: url, matchId } = settings;
    const book = new RoomBook(matchId, start, sampler);
    new MatchClient({
      url,
      matchId,
      book,
      pingEveryMs: PING_EVERY_MS,
      onSubscribed: (client) => {
        const leaveInMs = start.startedAtMs + plan.leaveSeconds * 1_000 - Date.now();
        setTimeout(() => client.leave(), Math.max(0, leaveInMs));
      },
    });
  };
  setTimeout(join, joinAfterMs(plan, index, settings.clients));
}
