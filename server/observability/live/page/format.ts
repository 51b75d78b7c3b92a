/** Figures as text: three digits, and a unit that fits. */

/** What a figure is measured in. */
export type Unit = 'count' | 'perSecond' | 'ms' | 'percent' | 'bytes';

const KILO = ['', 'k', 'M', 'G'];
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];
const SHORTENED_FROM = 10_000;
const NONE = '–';

/** A figure with its unit; what cannot be told is a dash. 1 kB is 1,000 bytes. */
export function format(value: number | null | undefined, unit: Unit): string {
  if (value === undefined || value === null) return NONE;
  switch (unit) {
    case 'count':
      return Math.abs(value) < 100_000 ? wholeOrShort(value) : scaled(value, KILO, '');
    case 'perSecond':
      return `${Math.abs(value) < SHORTENED_FROM ? wholeOrShort(value) : scaled(value, KILO, '')}/s`;
    case 'ms':
      return value >= 10_000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
    case 'percent':
      return `${digits(value * 100)} %`;
    case 'bytes':
      return scaled(value, BYTES, ' ');
  }
}

/** The figure and its unit apart, for large print. */
export function formatParts(value: number | undefined, unit: Unit): readonly [figure: string, unit: string] {
  const [, figure = NONE, rest = ''] = /^([\d.,–]+)(.*)$/.exec(format(value, unit)) ?? [];
  return [figure, rest.trim()];
}

/** Marks of an axis, in one size: thousands for all where any needs them. */
export function formatAxis(marks: readonly number[], unit: Unit): readonly string[] {
  const isCount = unit === 'count' || unit === 'perSecond';
  if (!isCount || Math.max(...marks) < SHORTENED_FROM) return marks.map((mark) => format(mark, unit));
  return marks.map((mark) => `${scaled(mark, KILO, '')}${unit === 'perSecond' ? '/s' : ''}`);
}

/** A duration as `1:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function scaled(value: number, units: readonly string[], space: string): string {
  let rest = value;
  let power = 0;
  while (Math.abs(rest) >= 999.5 && power < units.length - 1) {
    rest /= 1000;
    power += 1;
  }
  return `${digits(rest)}${space}${units[power] ?? ''}`.trimEnd();
}

function wholeOrShort(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : digits(value);
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  if (size >= 10) return value.toFixed(1);
  return size >= 0.995 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}
