/** The rules that boards keep (testing/lint-board.ts), and that each rule can fail. */
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { panelsOf } from './panel-queries.ts';
import { lintBoard } from './testing/lint-board.ts';
import { copyOf, readBoards } from './testing/read-boards.ts';

const boards = readBoards();
const [first] = boards;
if (first === undefined) throw new Error('dashboards/json holds no board');

/** The first panel that draws lines. */
const linesOf = (board: Dashboard): Panel => {
  const panel = panelsOf(board).find(({ type }) => type === 'timeseries');
  if (panel === undefined) throw new Error('no lines');
  return panel;
};
const ask = (board: Dashboard, expr: string) => {
  Object.assign(linesOf(board).targets?.[0] ?? {}, { expr });
};

/** A rule, what breaks it, and what is said then. */
const SPOILERS: readonly (readonly [string, (board: Dashboard) => void, RegExp])[] = [
  [
    'unit',
    (board) => Object.assign(linesOf(board).fieldConfig?.defaults ?? {}, { unit: 'quux' }),
    /valid unit: quux/,
  ],
  ['description', (board) => Object.assign(linesOf(board), { description: 'Things.' }), /does not describe/],
  ['title', (board) => Object.assign(linesOf(board), { title: '' }), /has no title/],
  ['empty panel', (board) => Object.assign(linesOf(board), { targets: [] }), /has no query/],
  ['panel id', (board) => Object.assign(linesOf(board), { id: undefined }), /has no id/],
  [
    'ids of their own',
    (board) => Object.assign(linesOf(board), { id: panelsOf(board)[0]?.id }),
    /more than one panel/,
  ],
  ['refId', (board) => Object.assign(linesOf(board).targets?.[0] ?? {}, { refId: '' }), /refId/],
  [
    'data source of a query',
    (board) => Object.assign(linesOf(board).targets?.[0] ?? {}, { datasource: { uid: 'prometheus' } }),
    /does not use the data source/,
  ],
  [
    'data source variable',
    (board) => board.templating.list?.splice(0, 1),
    /not exactly one variable datasource/,
  ],
  [
    'variables refresh',
    (board) => Object.assign(board.templating.list?.[1] ?? {}, { refresh: 1 }),
    /not read again when the time changes/,
  ],
  ['known variables', (board) => ask(board, 'up{job="$job"}'), /\$job, which is no variable/],
  [
    'rate interval',
    (board) => ask(board, 'rate(touchline_broadcasts_total[5m])'),
    /something else than \$__rate_interval/,
  ],
  [
    'whole range',
    (board) => ask(board, 'increase(touchline_broadcasts_total[$__range])'),
    /something else than \$__rate_interval/,
  ],
  [
    'counter',
    (board) => ask(board, 'sum(touchline_broadcasts_total)'),
    /shows the counter touchline_broadcasts_total/,
  ],
  [
    'buckets',
    (board) => ask(board, 'histogram_quantile(0.9, touchline_loop_delay_seconds_bucket)'),
    /shows the counter touchline_loop_delay_seconds_bucket/,
  ],
  [
    'gauge',
    (board) => ask(board, 'rate(touchline_rooms[$__rate_interval])'),
    /touchline_rooms, which is no counter/,
  ],
  ['PromQL', (board) => ask(board, 'sum(up'), /is not PromQL/],
  ['overlap', (board) => Object.assign(linesOf(board).gridPos ?? {}, { y: 0, x: 0 }), /overlaps/],
  ['grid', (board) => Object.assign(linesOf(board).gridPos ?? {}, { x: 20 }), /not on the grid/],
  ['schema', (board) => Object.assign(board, { schemaVersion: 41 }), /schema 42/],
  ['editable', (board) => Object.assign(board, { editable: true }), /can be edited/],
  ['inputs', (board) => Object.assign(board, { __inputs: [] }), /__inputs/],
  ['uid', (board) => Object.assign(board, { uid: 'Überblick' }), /no fixed uid/],
  ['links', (board) => board.links?.[0]?.tags.push('elsewhere'), /tagged elsewhere: none is/],
];

describe('boards', () => {
  it.each(boards.map((board) => [board.uid, board] as const))('%s keeps every rule', (_uid, board) => {
    expect(lintBoard(board, boards)).toEqual([]);
  });

  it.each(SPOILERS)('have a rule for: %s', (_rule, spoil, problem) => {
    const spoilt = copyOf(first);
    spoil(spoilt);

    expect(lintBoard(spoilt, boards).filter((line) => problem.test(line))).not.toEqual([]);
  });

  it('name the board and the panel', () => {
    const spoilt = copyOf(first);
    ask(spoilt, 'sum(up');

    expect(lintBoard(spoilt, boards)).toContainEqual(
      expect.stringContaining(`touchline-broadcast-ticks #${linesOf(first).id} "${linesOf(first).title}" A `),
    );
  });
});
