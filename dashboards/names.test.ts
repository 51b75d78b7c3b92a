/** Boards ask only for what the catalogues have; what the catalogues have stands on a board, or is left out for a reason. */
import { describe, expect, it } from 'vitest';
import { LOAD_METRIC_CATALOGUE } from '../profiling/live/load-metric-catalogue.ts';
import { METRIC_CATALOGUE } from '../server/observability/metric-catalogue.ts';
import { K6_METRICS } from './k6-metrics.ts';
import { findUnknownNames, shownMetrics } from './testing/check-names.ts';
import { type Catalogue, knownSeries } from './testing/known-series.ts';
import { copyOf, readBoards } from './testing/read-boards.ts';

const boards = readBoards();
const CATALOGUES: readonly Catalogue[] = [METRIC_CATALOGUE, LOAD_METRIC_CATALOGUE];

/** Metrics that no panel shows, and why. */
const NOT_SHOWN: Readonly<Record<string, string>> = {};

/** Labels whose values are as many as people, rooms or connections. */
const UNBOUNDED =
  /^(room|match|user|client|connection|session|socket|ip|address|peer|message|trace)(_?id)?$|^id$/i;

function withoutMetric(catalogue: Catalogue, name: string): Catalogue {
  return Object.fromEntries(Object.entries(catalogue).filter(([metric]) => metric !== name));
}

describe('names on the boards', () => {
  it('are those of the catalogues, with their labels', () => {
    expect(findUnknownNames(boards)).toEqual([]);
  });

  it('that the server catalogue has no longer are told with every board and panel that asks for them', () => {
    const known = knownSeries([
      withoutMetric(METRIC_CATALOGUE, 'touchline_broadcast_duration_seconds'),
      LOAD_METRIC_CATALOGUE,
    ]);

    const problems = findUnknownNames(boards, known);

    const asks = 'asks for touchline_broadcast_duration_seconds_bucket, which no catalogue has';
    expect(problems).toContainEqual(expect.stringMatching(/^touchline-overview #\d+ "Broadcast p99" A /));
    expect(problems).toContainEqual(
      expect.stringMatching(/^touchline-broadcast-ticks #\d+ "Broadcast duration" C /),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(/^touchline-profiling-run #\d+ "Broadcast duration" A /),
    );
    expect(problems.filter((problem) => problem.endsWith(asks))).toHaveLength(
      problems.filter((problem) => problem.includes('_bucket')).length,
    );
  });

  it('that the load catalogue has no longer are told the same way, annotations included', () => {
    const known = knownSeries([
      METRIC_CATALOGUE,
      withoutMetric(LOAD_METRIC_CATALOGUE, 'touchline_profile_phase'),
    ]);

    const problems = findUnknownNames(boards, known);

    expect(problems).toContainEqual(expect.stringMatching(/^touchline-profiling-run #\d+ "Phases" A /));
    expect(problems).toContainEqual(expect.stringMatching(/^touchline-overview annotation "Run phases" /));
  });

  it.each([
    ['sum by (room) (touchline_rooms)', /groups by room, which touchline_rooms has not/],
    ['sum by (code) (touchline_rooms) + sum(up)', /groups by code, which touchline_rooms has not/],
    ['touchline_rooms{code="1006"}', /matches code on touchline_rooms, which has no such label/],
    ['touchline_roms', /asks for touchline_roms, which no catalogue has/],
  ])('that are wrong are found: %s', (expr, problem) => {
    const [board] = boards.map(copyOf);
    if (board === undefined) throw new Error('no board');
    const panel = board.panels?.find((one) => 'targets' in one);
    Object.assign((panel as { targets: object[] }).targets[0] ?? {}, { expr });

    expect(findUnknownNames([board])).toContainEqual(expect.stringMatching(problem));
  });

  it('cover the catalogues: what no panel shows is left out for a reason', () => {
    const shown = shownMetrics(boards);
    const all = [...CATALOGUES.flatMap((catalogue) => Object.keys(catalogue)), ...Object.keys(K6_METRICS)];

    expect(all.filter((name) => !shown.has(name))).toEqual(Object.keys(NOT_SHOWN));
  });
});

describe('labels of the catalogues', () => {
  const labelled = CATALOGUES.flatMap((catalogue) =>
    Object.entries(catalogue).flatMap(([metric, { labels }]) => labels.map((label) => ({ metric, label }))),
  );

  it('name no room, user or connection', () => {
    expect(labelled.filter(({ label }) => UNBOUNDED.test(label))).toEqual([]);
  });

  it('name a run or what it drives on its info metric alone', () => {
    const ofRuns = labelled.filter(({ label }) => ['run', 'scenario', 'server'].includes(label));

    expect(new Set(ofRuns.map(({ metric }) => metric))).toEqual(new Set(['touchline_profile_run_info']));
  });

  it.each([
    'room',
    'roomId',
    'room_id',
    'user',
    'userId',
    'client',
    'clientId',
    'connectionId',
    'matchId',
    'ip',
  ])('would be refused if one were %s', (label) => {
    expect(label).toMatch(UNBOUNDED);
  });
});
