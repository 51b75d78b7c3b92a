/** From what a firehose run recorded to what it means; no thresholds here, and no judgement. */

import { cellLabel } from '../../record/firehose-label.ts';
import type { FirehoseCell, FirehoseRecord } from '../../record/firehose-record.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { workerHealth } from '../analyse-tier.ts';
import { latencyFigures } from '../latency-figures.ts';
import { compareHalves, halvesOf } from '../steadiness.ts';
import type { CellAnalysis, FirehoseAnalysis, TickRates } from './firehose-analysis.ts';
import { tickCounterCheck, tickLedger } from './tick-ledger.ts';

/** What a cell is seen against. */
export type CellCircumstances = Pick<RunEnvelope, 'calibration' | 'target'>;

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function analyseFirehose(record: FirehoseRecord): FirehoseAnalysis {
  return {
    cells: record.cells.map((cell, index) => analyseCell(cell, cellLabel(record.cells, index), record)),
  };
}

export function analyseCell(cell: FirehoseCell, label: string, record: CellCircumstances): CellAnalysis {
  const { load, setup, window, serverWindow } = cell;
  const rates = ratesOf(cell);
  const { buffered, delivered, received } = rates;
  const { cpuCores } = serverWindow;
  return {
    part: cell.part,
    kind: cell.kind ?? null,
    setup,
    label,
    state: load.state,
    measuredMs: load.measureAchievedMs,
    measureRequestedMs: load.measureRequestedMs,
    attempted: load.connect.attempted,
    connected: load.connect.connected,
    failures: { connect: load.connect.failures, disconnects: load.disconnects },
    rates,
    deliveredRatio: rates.asked === 0 ? 0 : received / rates.asked,
    backlogPerSecond: buffered === null || delivered === null ? null : buffered - delivered,
    efficiency: quotient(delivered, buffered),
    framesPerWrite: quotient(window.frames, window.writes),
    writesPerSecond: quotient(window.writes, window.seconds),
    latency: latencyFigures(load.latency.response),
    negativeLatencies: load.latency.negative,
    timedEvery: load.latency.sampledEvery,
    steadiness: compareHalves(halvesOf(load.latency), 'too few ticks in each half to compare them'),
    ledger: tickLedger(cell),
    counterCheck: tickCounterCheck(cell),
    server: serverOf(cell),
    receivedPerCore: quotient(received, cpuCores),
    workers: load.workers.map((worker) => workerHealth(worker, record)),
    readerCores: readerCoresOf(load),
    machineCpuRatio: load.machineCpuRatio,
    samples: cell.samples,
  };
}

function ratesOf({ load, setup, window }: FirehoseCell): TickRates {
  const { offered, buffered } = window;
  const perSecond = (count: number | null) => quotient(count, window.seconds);
  return {
    asked: setup.rate * (setup.readers - setup.slowReaders),
    offered: perSecond(window.offered),
    buffered: perSecond(window.buffered),
    flushed: perSecond(window.flushed),
    delivered: perSecond(window.acknowledged),
    heldBack: perSecond(offered === null || buffered === null ? null : Math.max(0, offered - buffered)),
    received: load.measured.perSecond,
  };
}

function readerCoresOf({ browser, workers }: FirehoseCell['load']): number | null {
  if (browser !== undefined) return browser.cpuRatio;
  return workers.length === 0 ? null : Math.max(...workers.map(({ cpuRatio }) => cpuRatio));
}

function serverOf({
  serverWindow,
  serverCounters,
  serverSamples,
  rssBytes,
}: FirehoseCell): CellAnalysis['server'] {
  const queued = serverSamples.flatMap(({ sendQueueBytes }) =>
    sendQueueBytes === null ? [] : [sendQueueBytes],
  );
  return {
    cpuCores: serverWindow.cpuCores,
    window: serverWindow,
    counters: serverCounters,
    rssBytes,
    peakSendQueueBytes: queued.length === 0 ? null : Math.max(...queued),
  };
}

function quotient(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}
