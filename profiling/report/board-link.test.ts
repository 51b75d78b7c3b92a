import { expect, it } from 'vitest';
import { boardLink } from './board-link.ts';

const RUN = { runId: 'concurrency-20261127T184506Z-1i2bzmp', startedAt: 1_000, finishedAt: 2_500 };

it('leads to the run and its time on the board', () => {
  expect(boardLink(RUN, 'https://grafana.example/team')).toBe(
    'https://grafana.example/team/d/touchline-profiling-run?var-run=concurrency-20261127T184506Z-1i2bzmp&from=1000&to=2500',
  );
});

it.each([undefined, '', 'grafana:3000', 'javascript:alert(1)', 'http://'])(
  'leads to Grafana on this machine when GRAFANA_URL is %s',
  (grafanaUrl) => {
    expect(boardLink(RUN, grafanaUrl)).toMatch(/^http:\/\/localhost:3000\/d\/touchline-profiling-run\?/);
  },
);

it('takes an address with a slash at its end', () => {
  expect(boardLink(RUN, 'http://127.0.0.1:3000/')).toMatch(/^http:\/\/127\.0\.0\.1:3000\/d\//);
});
