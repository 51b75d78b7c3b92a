/** A churn run, judged and put into words. */

import { analyseChurn } from '../../analysis/churn/analyse-churn.ts';
import type { ChurnAnalysis, Visits } from '../../analysis/churn/churn-analysis.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import type { ChurnVerdict } from '../../verdict/churn/churn-verdict.ts';
import { judgeChurn } from '../../verdict/churn/judge-churn.ts';
import { formatNamedGrowth } from '../../verdict/growth-text.ts';
import { formatCount, formatHeartbeats, formatList, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { churnReport } from './churn-report.ts';

export function judgedChurn(record: ChurnRecord): JudgedRun {
  const analysis = analyseChurn(record);
  const verdict = judgeChurn(record, analysis);
  return {
    record,
    verdict,
    report: churnReport({ record, analysis, verdict }),
    highlights: highlights(analysis, verdict),
    tables: tables(analysis),
    notes: analysis.visits === null ? [] : notes(analysis, verdict),
  };
}

function highlights(analysis: ChurnAnalysis, verdict: ChurnVerdict): readonly Highlight[] {
  const { visits, storm } = analysis;
  if (visits === null) return [];
  const left = verdict.leftBehind;
  const told: readonly Highlight[] = [
    {
      question: 'Left behind by clients that come and go',
      answer: `${left.length === 0 ? nothingLeft(analysis, visits) : formatList(left.map(formatNamedGrowth))}${where(left)}`,
    },
    { question: 'Ends noticed', answer: noticed(analysis) },
  ];
  if (storm === null) return told;
  return [
    ...told,
    {
      question: 'Reconnect storm',
      answer: `${formatCount(storm.complete)} of ${formatCount(storm.clients)} clients were back with everything after ${formatMs(storm.recoveryMs)}; ${formatCount(storm.givenBack)} of ${formatCount(storm.missed)} missed messages were given back`,
    },
  ];
}

function nothingLeft({ kept }: ChurnAnalysis, { connected }: Visits): string {
  return kept.length === 0
    ? 'not known: the target does not show what it tracks'
    : `nothing, after ${formatCount(kept.at(-1)?.connections ?? connected)} connections`;
}

function where(left: ChurnVerdict['leftBehind']): string {
  const [first] = left;
  return first === undefined || first.releasedBy === null ? '' : `; to be released in ${first.releasedBy}`;
}

function noticed({ halfOpen, release, unnoticedEnds }: ChurnAnalysis): string {
  const silent =
    halfOpen === null || halfOpen.silent === 0
      ? []
      : [
          `${formatCount(halfOpen.detected)} of ${formatCount(halfOpen.silent)} silent clients found, the last after ${formatMs(halfOpen.detection.maxMs)}${halfOpen.longestHeartbeats === null ? '' : ` (${formatHeartbeats(halfOpen.longestHeartbeats)})`}`,
        ];
  const released =
    release === null
      ? []
      : [
          `ended connections held for ${release.isLowerBound ? 'at least ' : ''}${formatMs(release.longestMs)} at the most`,
        ];
  const missed =
    (unnoticedEnds ?? 0) > 0 ? [`${formatCount(unnoticedEnds)} ends not noticed before the heartbeat`] : [];
  return [...silent, ...released, ...missed].join('; ');
}

function tables(analysis: ChurnAnalysis): JudgedRun['tables'] {
  const { visits, storm, ends } = analysis;
  if (visits === null || ends === null) return [];
  const { handshake } = visits;
  const connects = [
    ['connected', 'accepted', 'handshake p50', 'p99', 'max', 'clean', 'reset', 'silent', 'most open'],
    [
      `${formatCount(visits.connected)}/${formatCount(visits.attempted)}`,
      formatRate(visits.accepted.achievedPerSecond),
      ...[handshake.p50Ms, handshake.p99Ms, handshake.maxMs].map(formatMs),
      ...[ends.clean, ends.reset, ends.halfOpen, visits.mostOpen].map(formatCount),
    ],
  ];
  if (storm === null) return [connects];
  return [
    connects,
    [
      ['storm', 'back', 'complete', 'recovery', 'handshake p50', 'max', 'missed', 'given back'],
      [
        ...[storm.clients, storm.returned, storm.complete].map(formatCount),
        ...[storm.recoveryMs, storm.handshake.p50Ms, storm.handshake.maxMs].map(formatMs),
        ...[storm.missed, storm.givenBack].map(formatCount),
      ],
    ],
  ];
}

function notes(analysis: ChurnAnalysis, verdict: ChurnVerdict): readonly string[] {
  const { timeWait } = analysis;
  const waiting =
    timeWait === null
      ? []
      : [
          `TIME_WAIT: at most ${formatCount(timeWait.peak.server)} at the server's end and ${formatCount(timeWait.peak.client)} at the clients'.`,
        ];
  return [`Ends: ${noticed(analysis)}.`, ...waiting, `What limited the run: ${verdict.limitedBy.sentence}.`];
}
