import { expect, it } from 'vitest';
import type { LiveLoad, LiveMoment, LiveServer } from '../live-contract.ts';
import { History } from './history.ts';
import { defaultOption, optionsOf } from './instances.ts';
import { phaseStretches } from './phases.ts';

const OWN = '127.0.0.1:1';
const server = (address: string, connections = 1): LiveServer => ({
  kind: 'server',
  address,
  figures: { connections },
});
const load = (address: string, drives: string, phase = 'measure'): LiveLoad => ({
  kind: 'load',
  address,
  figures: { connected: 9 },
  run: { name: `run of ${drives}`, scenario: 'memory', server: drives, phase, verdict: null },
});
const moment = (atMs: number, ...sources: LiveMoment['sources']): LiveMoment => ({
  atMs,
  own: OWN,
  sources,
  problems: [],
});

it('offers every server, with the run that drives it, and runs whose server cannot be seen', () => {
  const seen = moment(
    0,
    server(OWN),
    server('127.0.0.1:2'),
    load('127.0.0.1:3', '127.0.0.1:2'),
    load('127.0.0.1:4', ''),
  );
  expect(optionsOf(seen).map(({ value, text }) => [value, text])).toEqual([
    [OWN, `this server (${OWN})`],
    ['127.0.0.1:2', 'run of 127.0.0.1:2 on server 127.0.0.1:2'],
    ['load 127.0.0.1:4', 'run of , load side alone (127.0.0.1:4)'],
  ]);
  expect(defaultOption([seen])).toBe('127.0.0.1:2');
  expect(defaultOption([moment(0, server(OWN), load('127.0.0.1:4', ''))])).toBe('load 127.0.0.1:4');
  expect(defaultOption([moment(0, server(OWN), server('127.0.0.1:2'))])).toBe(OWN);
});

it('follows a run that has ended, until another comes or it is forgotten', () => {
  const run = moment(0, server(OWN), server('127.0.0.1:2'), load('127.0.0.1:3', '127.0.0.1:2'));
  const quiet = moment(1, server(OWN));
  const next = moment(2, server(OWN), server('127.0.0.1:5'), load('127.0.0.1:3', '127.0.0.1:5'));
  expect(defaultOption([run, quiet])).toBe('127.0.0.1:2');
  expect(defaultOption([run, quiet, next, quiet])).toBe('127.0.0.1:5');
  expect(defaultOption([quiet])).toBe(OWN);
  expect(defaultOption([])).toBeUndefined();
});

it('puts a server and the load that drives it into one row', () => {
  const history = new History();
  history.add(moment(1_000, server(OWN, 3), load('127.0.0.1:3', OWN), load('127.0.0.1:4', 'other')));
  expect(history.rows({ server: OWN, load: null }, 0)).toEqual([
    { atMs: 1_000, server: { connections: 3 }, load: { connected: 9 }, phase: 'measure' },
  ]);
});

it('keeps five minutes, each moment once, and a gap where nobody looked', () => {
  const history = new History();
  for (const atMs of [0, 1_000, 2_000, 1_000, 2_000, 9_000]) history.add(moment(atMs, server(OWN)));
  const rows = history.rows({ server: OWN, load: null }, 0);
  expect(rows.map(({ atMs }) => atMs)).toEqual([0, 1_000, 2_000, 2_001, 9_000]);
  expect(rows[3]).toEqual({ atMs: 2_001, server: {}, load: {}, phase: null });
  history.add(moment(301_500, server(OWN)));
  expect(history.moments.map(({ atMs }) => atMs)).toEqual([2_000, 9_000, 301_500]);
});

it('joins neighbours of one phase, up to the moment of the next', () => {
  const row = (atMs: number, phase: string | null) => ({ atMs, phase, server: {}, load: {} });
  const rows = [
    row(0, null),
    row(1, 'connect'),
    row(2, 'measure'),
    row(3, 'measure'),
    row(4, null),
    row(5, 'drain'),
    row(6, 'drain'),
  ];
  expect(phaseStretches(rows)).toEqual([
    { phase: 'connect', fromMs: 1, toMs: 2 },
    { phase: 'measure', fromMs: 2, toMs: 4 },
    { phase: 'drain', fromMs: 5, toMs: 6 },
  ]);
});
