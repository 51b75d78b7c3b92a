import { describe, expect, it } from 'vitest';
import { PEER_NAMES } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { cellGroups, cellText, sampledEvery, takesPart } from './bench-cells.ts';
import { parseBenchOptions } from './bench-options.ts';

function groupsOf(...words: readonly string[]) {
  const options = parseBenchOptions(words);
  return options === null ? [] : cellGroups(options);
}

describe('the cells', () => {
  it('are one table for each turn and format, and one for the schedule', () => {
    expect(groupsOf().map(({ title, cells }) => [title, cells.length])).toEqual([
      ['JSON, 200 messages a turn, as fast as they go', 3],
      ['Binary, 200 messages a turn, as fast as they go', 3],
      ['JSON, one message a turn, as fast as they go', 3],
      ['Binary, one message a turn, as fast as they go', 3],
      ['JSON, paced: 10,000 deliveries/s in all', 3],
    ]);
    expect(groupsOf('--quick')).toHaveLength(2);
  });

  it('share out the deliveries of a schedule among the readers', () => {
    const paced = groupsOf().at(-1)?.cells ?? [];
    expect(paced.map(({ readers, ratePerSecond }) => [readers, ratePerSecond])).toEqual([
      [1, 10_000],
      [100, 100],
      [1_000, 10],
    ]);
    expect(paced.map(sampledEvery)).toEqual([1, 1, 1]);
    expect(paced.map(cellText)[0]).toBe('json, 1 reader, 10000 messages/s');
  });

  it('deal readers out to rooms, each message to one, for the servers that have rooms', () => {
    const cells = groupsOf('--rooms', '50', '--readers', '100').flatMap((group) => group.cells);
    expect(cells.map((cell) => [cell.ratePerSecond, cell.rooms])).toEqual([[5_000, 50]]);
    expect(cells.map(cellText)).toEqual(['json, 100 readers in 50 rooms, 5000 messages/s']);
    const taking = PEER_NAMES.filter((name) => cells.every((cell) => takesPart(name, cell)));
    expect(taking).toEqual(['floor', 'ws', 'touchline-rooms']);
  });

  it('leave a server that paces itself out where a turn has one message', () => {
    const cells = groupsOf('--readers', '1').flatMap((group) => group.cells);
    expect(cells.map((cell) => takesPart('touchline-ticks', cell))).toEqual([true, true, false, false, true]);
    expect(cells.every((cell) => takesPart('ws', cell))).toBe(true);
  });

  it('leave rooms out where messages are binary', () => {
    const cells = groupsOf('--readers', '1').flatMap((group) => group.cells);
    expect(cells.map((cell) => takesPart('touchline-rooms', cell))).toEqual([true, false, true, false, true]);
  });
});
