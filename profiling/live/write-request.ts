/**
 * The body of a remote write: protobuf, compressed by Snappy.
 *
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */

import { PbfWriter } from 'pbf';
import snappy from 'snappyjs';

/** One series with one sample. */
export interface WrittenSeries {
  /** `__name__` among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Null: the series has ended, and is shown no further. */
  readonly value: number | null;
  /** Epoch ms. */
  readonly atMs: number;
}

/** The NaN that Prometheus takes for the end of a series; any other is a value. */
const STALE_NAN = { high: 0x7ff00000, low: 0x00000002 } as const;
/** A 64-bit field, as protobuf calls what a double is. */
const FIXED_64 = 1;

/** Encodes a WriteRequest of version 1.0. */
export function encodeWriteRequest(series: readonly WrittenSeries[]): Uint8Array<ArrayBuffer> {
  const writer = new PbfWriter();
  for (const one of series) writer.writeMessage(1, writeSeries, one);
  return new Uint8Array(snappy.compress(writer.finish()));
}

function writeSeries({ labels, value, atMs }: WrittenSeries, writer: PbfWriter): void {
  // The specification wants them sorted.
  for (const name of Object.keys(labels).sort()) {
    writer.writeMessage(1, writeLabel, [name, labels[name] ?? '']);
  }
  writer.writeMessage(2, writeSample, { value, atMs });
}

function writeLabel([name, value]: readonly [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, value);
}

function writeSample({ value, atMs }: Pick<WrittenSeries, 'value' | 'atMs'>, writer: PbfWriter): void {
  if (value === null) {
    // A number in JavaScript need not keep the bits of a NaN.
    writer.writeTag(1, FIXED_64);
    writer.writeFixed32(STALE_NAN.low);
    writer.writeFixed32(STALE_NAN.high);
  } else {
    writer.writeDoubleField(1, value);
  }
  writer.writeVarintField(2, atMs);
}
