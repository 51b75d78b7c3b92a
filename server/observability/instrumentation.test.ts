import { describe, expect, it } from 'vitest';
import { Instrumentation } from './instrumentation.ts';

function recorded() {
  const calls: string[] = [];
  const instrument = (name: string) => ({
    start: () => calls.push(`start ${name}`),
    stop: () => calls.push(`stop ${name}`),
  });
  return { calls, instrumentation: new Instrumentation([instrument('a'), instrument('b')]) };
}

describe('Instrumentation', () => {
  it('is off until it is switched on', () => {
    const { calls, instrumentation } = recorded();
    instrumentation.switchTo(false);
    expect([instrumentation.isOn, calls]).toEqual([false, []]);
  });

  it('starts and stops every instrument, once each time', () => {
    const { calls, instrumentation } = recorded();
    for (const on of [true, true, false, false, true]) {
      instrumentation.switchTo(on);
      expect(instrumentation.isOn).toBe(on);
    }
    expect(calls).toEqual(['start a', 'start b', 'stop a', 'stop b', 'start a', 'start b']);
  });
});
