import { describe, expect, it } from 'vitest';
import { parseAnnouncement } from './peer-announcement.ts';
import { type PeerPlan, parsePeerPlan, peerArguments } from './peer-plan.ts';

const plan: PeerPlan = {
  readers: 100,
  format: 'binary',
  perTurn: 200,
  ratePerSecond: 50,
  limit: 1_000,
  rooms: 1,
};

describe('the arguments of a peer', () => {
  it('are read as they were written', () => {
    expect(peerArguments(plan)).toEqual([
      '--readers=100',
      '--format=binary',
      '--per-turn=200',
      '--rate=50',
      '--limit=1000',
    ]);
    expect(parsePeerPlan(peerArguments(plan))).toEqual(plan);
    const inRooms = { ...plan, rooms: 10 };
    expect(peerArguments(inRooms).at(-1)).toBe('--rooms=10');
    expect(parsePeerPlan(peerArguments(inRooms))).toEqual(inRooms);
  });

  it('have defaults', () => {
    expect(parsePeerPlan(['--readers=1', '--format=json'])).toEqual({
      readers: 1,
      format: 'json',
      perTurn: 200,
      ratePerSecond: 0,
      rooms: 1,
      limit: 0,
    });
  });

  it.each([
    [['--format=json'], '--readers=<whole number, at least 1>; received nothing'],
    [['--readers=0', '--format=json'], 'at least 1>; received 0'],
    [['--readers=1e3', '--format=json'], 'received 1e3'],
    [['--readers=1', '--format=xml'], '--format=binary; received xml'],
    [['--readers=1', '--format=json', '--per-turn=-1'], '--per-turn=<whole number'],
  ])('are refused: %s', (argv, sentence) => {
    expect(() => parsePeerPlan(argv)).toThrow(sentence);
  });
});

describe("a peer's line", () => {
  it('says where it listens', () => {
    const listening = { type: 'listening', port: 4711, path: '/', pid: 12, version: 'ws 8' } as const;
    expect(parseAnnouncement(JSON.stringify(listening))).toEqual(listening);
  });

  it('or why it cannot be measured', () => {
    expect(parseAnnouncement('{"type":"unavailable","reason":"It is not installed."}')).toEqual({
      type: 'unavailable',
      reason: 'It is not installed.',
    });
  });

  it.each(['', 'listening on 4711', 'null', '{"type":"listening","port":"4711"}', '{"type":"unavailable"}'])(
    'is refused: %s',
    (line) => {
      expect(() => parseAnnouncement(line)).toThrow('expected one line {"type":"listening"');
    },
  );
});
