/** How progress reads, as text. Pure: the terminal is another file's business. */

import type { ScenarioProgress } from '../scenarios/scenario.ts';
import { formatCount, formatMs, formatRate } from '../verdict/quantities.ts';

const PHASE_WORDS: Readonly<Record<ScenarioProgress['phase'], string>> = {
  'warm-server': 'warming the server up, not measured',
  idle: 'looking at the idle server',
  connect: 'connecting',
  subscribe: 'subscribing',
  'warm-up': 'warming up',
  measure: 'measuring',
  hold: 'reading memory',
  'part-left': 'looking at rooms that some left',
  drain: 'draining',
  close: 'closing',
  churn: 'clients come and go',
  silence: 'waiting for silent clients to be found',
  settled: 'looking at what the server kept',
  gather: 'gathering for the storm',
  storm: 'everybody reconnects',
};

/** Where the run stands: `tier 2/3 · measuring · 100/100 connected · 998/s · p99 2.1 ms · lost 0 · 14 s left`. */
export function progressText(progress: ScenarioProgress): string {
  const { phase, step, connections, load, churn, served, http, remainingMs } = progress;
  const parts: string[] = [];
  if (step !== '') parts.push(step);
  parts.push(PHASE_WORDS[phase]);
  if (load === null && churn === undefined && http === undefined && connections > 0)
    parts.push(`${formatCount(connections)} connections`);
  if (load !== null) {
    parts.push(`${formatCount(load.connected)}/${formatCount(load.connectionsWanted)} connected`);
    parts.push(formatRate(load.deliveriesPerSecond));
    if (load.p99Ms !== null) parts.push(`p99 ${formatMs(load.p99Ms)}`);
    parts.push(`lost ${formatCount(load.lost)}`);
  }
  if (served !== undefined) {
    const { bufferedPerSecond, flushedPerSecond, deliveredPerSecond } = served;
    parts.push(`server: buffered ${formatRate(bufferedPerSecond)}`);
    parts.push(`flushed ${formatRate(flushedPerSecond)}`, `delivered ${formatRate(deliveredPerSecond)}`);
  }
  if (http !== undefined) {
    parts.push(`${formatRate(http.answersPerSecond)} answered`);
    if (http.p99Ms !== null) parts.push(`p99 ${formatMs(http.p99Ms)}`);
    parts.push(`${formatCount(http.failed)} failed`);
  }
  if (churn !== undefined) {
    parts.push(`${formatCount(churn.open)} open`, `${formatCount(churn.connected)} connected`);
    if (churn.failed > 0) parts.push(`${formatCount(churn.failed)} failed`);
  }
  parts.push(`${formatLeft(remainingMs)} left`);
  return parts.join(' · ');
}

/** Cuts a line to the terminal's width, so that it never wraps and can be cleared. */
export function fitLine(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
