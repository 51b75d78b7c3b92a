import { describe, expect, it } from 'vitest';
import { RateWindow } from './rate-window.ts';

describe('RateWindow', () => {
  it('tells what grew in the last second, whenever it is asked', () => {
    const window = new RateWindow<{ made: number }>();
    expect(window.rates(0, { made: 50 })).toEqual({ made: 0 });
    for (let look = 0; look <= 12; look += 1) window.observe(look * 250, { made: 50 + look * 100 });
    expect(window.rates(3_000, { made: 1_250 })).toEqual({ made: 400 });
    expect(window.rates(3_125, { made: 1_700 })).toEqual({ made: 1000 * (850 / 1_125) });
    for (let look = 13; look <= 17; look += 1) window.observe(look * 250, { made: 1_250 });
    expect(window.rates(4_250, { made: 1_250 })).toEqual({ made: 0 });
  });

  it('says nothing of too short a time, and of nothing after it was cleared', () => {
    const window = new RateWindow<{ made: number }>();
    window.observe(0, { made: 0 });
    expect(window.rates(49, { made: 100 })).toEqual({ made: 0 });
    expect(window.rates(100, { made: 100 })).toEqual({ made: 1_000 });
    window.clear();
    expect(window.rates(200, { made: 100 })).toEqual({ made: 0 });
  });
});
