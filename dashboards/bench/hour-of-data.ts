/**
 * An hour of one-second scrapes, made from one real scrape of each target: what a long session leaves in Prometheus,
 * without waiting for it. Counters grow at an even pace, gauges wave about what they were.
 */

import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface ScrapedTarget {
  readonly job: string;
  readonly instance: string;
  /** Prometheus' text format. */
  readonly text: string;
}

interface Series {
  readonly id: string;
  readonly value: number;
  /** Counters and the parts of histograms only grow. */
  readonly isGrowing: boolean;
}

export interface Hour {
  /** Epoch seconds of the last scrape. */
  readonly endSeconds: number;
  readonly seconds: number;
}

/**
 * Writes OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`.
 *
 * @returns how many series it has
 */
export async function writeHour(
  out: Writable,
  targets: readonly ScrapedTarget[],
  { endSeconds, seconds }: Hour,
): Promise<number> {
  const all = targets.flatMap(readSeries);
  for (const { id, value, isGrowing } of all) {
    const lines: string[] = [];
    for (let second = 0; second < seconds; second += 1) {
      const sample = isGrowing ? value * (second + 1) : value * (1 + 0.1 * Math.sin(second / 60));
      lines.push(`${id} ${sample} ${endSeconds - seconds + 1 + second}\n`);
    }
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.write('# EOF\n');
  return all.length;
}

function readSeries({ job, instance, text }: ScrapedTarget): readonly Series[] {
  const found: Series[] = [{ id: `up{job="${job}",instance="${instance}"}`, value: 1, isGrowing: false }];
  let type = 'gauge';
  for (const line of text.split('\n')) {
    type = /^# TYPE \S+ (\S+)$/.exec(line)?.[1] ?? type;
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || !Number.isFinite(Number(value))) continue;
    const own = `job="${job}",instance="${instance}"`;
    found.push({
      id: `${name}{${labels === '' ? own : `${labels},${own}`}}`,
      value: Number(value),
      isGrowing: type === 'counter' || type === 'histogram',
    });
  }
  return found;
}
