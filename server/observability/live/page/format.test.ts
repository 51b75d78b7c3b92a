import { expect, it } from 'vitest';
import { format, formatAxis, formatDuration, formatParts, type Unit } from './format.ts';

it.each<readonly [number | undefined, Unit, string]>([
  [undefined, 'count', '–'],
  [0, 'count', '0'],
  [1_500, 'count', '1,500'],
  [123_456, 'count', '123k'],
  [5.63, 'perSecond', '5.63/s'],
  [12_700, 'perSecond', '12.7k/s'],
  [1_000_000, 'perSecond', '1M/s'],
  [0.0421, 'ms', '0.042 ms'],
  [193.4, 'ms', '193 ms'],
  [12_000, 'ms', '12 s'],
  [0.6083, 'percent', '60.8 %'],
  [999_600, 'bytes', '1.00 MB'],
  [94_500_000, 'bytes', '94.5 MB'],
  [512, 'bytes', '512 B'],
])('%s as %s is %s', (value, unit, text) => {
  expect(format(value, unit)).toBe(text);
});

it('parts a figure from its unit', () => {
  expect(formatParts(94_500_000, 'bytes')).toEqual(['94.5', 'MB']);
  expect(formatParts(1_500, 'count')).toEqual(['1,500', '']);
  expect(formatParts(undefined, 'ms')).toEqual(['–', '']);
});

it('marks an axis in one size', () => {
  expect(formatAxis([0, 5_000, 10_000], 'perSecond')).toEqual(['0/s', '5k/s', '10k/s']);
  expect(formatAxis([0, 500, 1_500], 'count')).toEqual(['0', '500', '1,500']);
});

it('tells minutes and seconds', () => {
  expect([65, 0, -3, 3_599.6].map(formatDuration)).toEqual(['1:05', '0:00', '0:00', '60:00']);
});
