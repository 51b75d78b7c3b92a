/** The moments of the last minutes, as columns for charts. */

import type {
  Figures,
  LiveLoad,
  LiveMoment,
  LiveServer,
  LoadFigure,
  ServerFigure,
} from '../live-contract.ts';
import type { Choice } from './instances.ts';

const KEEP_MS = 300_000;
/** Moments further apart are not joined by a line. */
const GAP_MS = 3_500;

/** What one moment tells of what is shown. */
export interface View {
  readonly server: Figures<ServerFigure>;
  readonly load: Figures<LoadFigure>;
}

export interface Row extends View {
  readonly atMs: number;
  readonly phase: string | null;
}

/** One figure of a view. */
export type Pick = (view: View) => number | undefined;

export class History {
  #moments: LiveMoment[] = [];

  get latest(): LiveMoment | undefined {
    return this.#moments.at(-1);
  }

  get moments(): readonly LiveMoment[] {
    return this.#moments;
  }

  /** A page that comes back is sent the history again: what is known stays once. */
  add(moment: LiveMoment): void {
    const last = this.latest;
    if (last !== undefined && moment.atMs <= last.atMs) return;
    this.#moments.push(moment);
    const oldestMs = moment.atMs - KEEP_MS;
    const first = this.#moments.findIndex(({ atMs }) => atMs >= oldestMs);
    if (first > 0) this.#moments.splice(0, first);
  }

  /** Rows of what is chosen, with an empty one where nobody looked. */
  rows(choice: Choice, sinceMs: number): readonly Row[] {
    const rows: Row[] = [];
    for (const moment of this.#moments) {
      if (moment.atMs < sinceMs) continue;
      const before = rows.at(-1);
      if (before !== undefined && moment.atMs - before.atMs > GAP_MS) rows.push(emptyRow(before.atMs + 1));
      rows.push(rowOf(moment, choice));
    }
    return rows;
  }
}

function emptyRow(atMs: number): Row {
  return { atMs, server: {}, load: {}, phase: null };
}

function rowOf(moment: LiveMoment, choice: Choice): Row {
  const server = findServer(moment, choice);
  const load = findLoad(moment, choice);
  return {
    atMs: moment.atMs,
    server: server?.figures ?? {},
    load: load?.figures ?? {},
    phase: load?.run?.phase ?? null,
  };
}

/** The chosen server at a moment. */
export function findServer(moment: LiveMoment, { server }: Choice): LiveServer | undefined {
  return moment.sources.find(
    (source): source is LiveServer => source.kind === 'server' && source.address === server,
  );
}

/** The load side that goes with it. */
export function findLoad(moment: LiveMoment, { server, load }: Choice): LiveLoad | undefined {
  const loads = moment.sources.filter((source): source is LiveLoad => source.kind === 'load');
  if (load !== null) return loads.find(({ address }) => address === load);
  return loads.find(({ run }) => run !== undefined && run.server !== '' && run.server === server);
}
