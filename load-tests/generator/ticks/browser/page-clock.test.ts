import { expect, it } from 'vitest';
import { comparePageClock } from './page-clock.ts';

it('takes the quickest of many answers, and half of its time for the error', async () => {
  const delaysUs = [900, 300, 80, 500];
  let monotonicUs = 1_000_000;
  let exchange = 0;
  const askPage = async (): Promise<number> => {
    const delayUs = delaysUs[exchange % delaysUs.length] ?? 0;
    exchange += 1;
    // The page reads its clock as soon as it is asked: all of the delay is on the way back.
    const pageMs = 1_763_689_000_000 + monotonicUs / 1_000;
    monotonicUs += delayUs;
    return pageMs;
  };
  const clock = await comparePageClock(askPage, () => monotonicUs);
  expect(clock.errorUs).toBe(40);
  const trueUs = -1_763_689_000_000_000;
  expect(Math.abs(clock.toMonotonicUs - trueUs)).toBeLessThanOrEqual(clock.errorUs + 1);
});
