import { describe, expect, it } from 'vitest';
import { readWithWs } from '../../testing/ws-codec.ts';
import { FLOOR_WRAPS_AT, preparedTurns } from './prepared-turns.ts';

describe('the buffers of the floor', () => {
  it.each([1, 200])('are frames that ws reads, numbered through, %i in each', async (perTurn) => {
    const turns = preparedTurns('json', perTurn);
    expect(turns).toHaveLength(FLOOR_WRAPS_AT / perTurn);
    const events = await readWithWs(turns, false);
    expect(events.map(([kind, text]) => [kind, JSON.parse(text).seq])).toEqual(
      Array.from({ length: FLOOR_WRAPS_AT }, (_, index) => ['text', index + 1]),
    );
  });

  it('are 22 bytes a frame in binary', () => {
    expect(preparedTurns('binary', 200).map((turn) => turn.length)).toEqual(Array(5).fill(200 * 22));
  });

  it('must come out even', () => {
    expect(() => preparedTurns('json', 300)).toThrow('expected a divisor of 1000; received 300');
  });
});
