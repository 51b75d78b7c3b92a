/** Pushes the live metrics to a Prometheus that cannot scrape this machine, or has no time to find it. */

import type { LiveFamily } from './metric-sample.ts';
import { encodeWriteRequest, type WrittenSeries } from './write-request.ts';

const PUSH_INTERVAL_MS = 1_000;
const PUSH_TIMEOUT_MS = 2_000;

/** A series as it stands now. */
export interface PushedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A scrape of one process: its samples, under the labels that a scrape would give them. */
export interface PushSource {
  readonly labels: { readonly job: string; readonly instance: string };
  /** @returns nothing while the process does not answer */
  read(): Promise<readonly PushedSample[]>;
}

export interface RemoteWriterOptions {
  readonly url: string;
  /** Asked before each push: servers come and go. */
  readonly sources: () => readonly PushSource[];
  /** Told once, when a push fails for the first time. */
  readonly warn: (sentence: string) => void;
  /** Epoch ms. */
  readonly now?: () => number;
}

type Series = WrittenSeries & { readonly value: number };

/** Failures never end a run: the series have a gap then. */
export class RemoteWriter {
  readonly #options: RemoteWriterOptions;
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isPushing = false;
  #hasWarned = false;
  /** By their labels, what was pushed last. */
  #alive = new Map<string, Series>();

  constructor(options: RemoteWriterOptions) {
    this.#options = options;
    const { address, authorization } = withoutCredentials(options.url);
    this.#address = address;
    this.#headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': 'touchline',
      ...(authorization === undefined ? {} : { authorization }),
    };
  }

  /** Pushes every second; a push that takes longer leaves one out. */
  start(): void {
    this.#timer = setInterval(() => {
      if (!this.#isPushing) void this.push();
    }, PUSH_INTERVAL_MS);
  }

  /** Pushes now, after a push that is under way. */
  push(): Promise<void> {
    this.#underWay = this.#underWay.then(() => this.#pushAll());
    return this.#underWay;
  }

  /** Pushes the last figures, then the end of every series. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.push();
    // As if the next push had found nothing: until then the last figures are there to be seen.
    await this.#send(ended([...this.#alive.values()], this.#now() + PUSH_INTERVAL_MS));
    this.#alive.clear();
  }

  async #pushAll(): Promise<void> {
    this.#isPushing = true;
    try {
      const present = await this.#read();
      const gone = [...this.#alive].filter(([key]) => !present.has(key)).map(([, series]) => series);
      this.#alive = present;
      await this.#send([...present.values(), ...ended(gone, this.#now())]);
    } finally {
      this.#isPushing = false;
    }
  }

  async #read(): Promise<Map<string, Series>> {
    const sources = this.#options.sources();
    const readings = await Promise.all(
      sources.map(async ({ labels, read }) => ({ labels, samples: await read() })),
    );
    const atMs = this.#now();
    const series = readings.flatMap(({ labels, samples }) =>
      samples.map((sample) => ({
        labels: { ...sample.labels, ...labels, __name__: sample.name },
        value: sample.value,
        atMs,
      })),
    );
    return new Map(series.map((one) => [JSON.stringify(one.labels), one]));
  }

  async #send(series: readonly WrittenSeries[]): Promise<void> {
    if (series.length === 0) return;
    try {
      const answer = await fetch(this.#address, {
        method: 'POST',
        headers: this.#headers,
        body: encodeWriteRequest(series),
        signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
      });
      const said = await answer.text();
      if (!answer.ok) this.#warn(`answered ${answer.status} ${said.slice(0, 200).trim()}`);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      this.#warn(cause instanceof Error ? cause.message : String(cause));
    }
  }

  #warn(why: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.warn(
      `--remote-write: expected ${this.#address} to take the figures; ${why}. The run goes on without.`,
    );
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** The samples of families, each under its series' name. */
export function samplesOf(families: readonly LiveFamily[]): readonly PushedSample[] {
  return families.flatMap(({ name, samples }) =>
    samples.map(({ labels, value, part }) => ({
      name: part === undefined ? name : `${name}_${part}`,
      labels,
      value,
    })),
  );
}

/** The end of series. It comes after their last sample, or Prometheus would not take it. */
function ended(series: readonly Series[], nowMs: number): readonly WrittenSeries[] {
  return series.map(({ labels, atMs }) => ({ labels, value: null, atMs: Math.max(nowMs, atMs + 1) }));
}

/** `fetch` takes no address with a name and password in it. */
function withoutCredentials(url: string): { readonly address: string; readonly authorization?: string } {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return { address: url };
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: plain.href, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
