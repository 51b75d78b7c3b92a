/** What may be shown: this server, the servers of runs, and runs whose server shows no metrics. */

import type { LiveLoad, LiveMoment } from '../live-contract.ts';

export interface Choice {
  /** Address of the server; null where the run's server cannot be seen. */
  readonly server: string | null;
  /** Address of the profiler, where it alone is shown. */
  readonly load: string | null;
}

export interface Option {
  readonly value: string;
  readonly text: string;
  readonly choice: Choice;
}

/** Everything that can be chosen now, in the order shown. */
export function optionsOf({ own, sources }: LiveMoment): readonly Option[] {
  const loads = sources.filter((source): source is LiveLoad => source.kind === 'load');
  const servers = sources.filter(({ kind }) => kind === 'server').map(({ address }) => address);
  const runOf = (server: string) => loads.find(({ run }) => run?.server === server)?.run;
  const serverOptions = servers.map((server) => {
    const run = runOf(server);
    const name = server === own ? `this server (${server})` : `server ${server}`;
    const text = run === undefined ? name : `${run.name} on ${name}`;
    return { value: server, text, choice: { server, load: null } };
  });
  const loadOptions = loads
    .filter(({ run }) => run === undefined || !servers.includes(run.server))
    .map(({ address, run }) => ({
      value: `load ${address}`,
      text: `${run?.name ?? 'load'}, load side alone (${address})`,
      choice: { server: null, load: address },
    }));
  return [...serverOptions, ...loadOptions];
}

/** Who has not chosen sees the newest run, else this server. */
export function defaultOption(moment: LiveMoment): string {
  const options = optionsOf(moment);
  const loads = moment.sources.filter((source): source is LiveLoad => source.kind === 'load');
  const driven = loads.flatMap(({ run }) => (run === undefined || run.server === '' ? [] : [run.server]));
  const followed =
    options.findLast(({ choice }) => choice.server !== null && driven.includes(choice.server)) ??
    options.find(({ choice }) => choice.load !== null) ??
    options.find(({ choice }) => choice.server === moment.own);
  return followed?.value ?? moment.own;
}
