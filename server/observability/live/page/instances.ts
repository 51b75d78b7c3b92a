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
export function optionsOf(moment: LiveMoment): readonly Option[] {
  const { own, sources } = moment;
  const loads = loadsOf(moment);
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

/**
 * Who has not chosen sees the newest run, also when it has ended, for as long as it is remembered; else this server.
 *
 * @param moments the latest last, at least one
 */
export function defaultOption(moments: readonly LiveMoment[]): string | undefined {
  const followed = moments.findLast(hasRun) ?? moments.at(-1);
  if (followed === undefined) return undefined;
  const options = optionsOf(followed);
  const driven = loadsOf(followed).flatMap(({ run }) =>
    run === undefined || run.server === '' ? [] : [run.server],
  );
  const found =
    options.findLast(({ choice }) => choice.server !== null && driven.includes(choice.server)) ??
    options.find(({ choice }) => choice.load !== null) ??
    options.find(({ choice }) => choice.server === followed.own);
  return found?.value ?? followed.own;
}

function hasRun(moment: LiveMoment): boolean {
  return loadsOf(moment).some(({ run }) => run !== undefined);
}

function loadsOf({ sources }: LiveMoment): readonly LiveLoad[] {
  return sources.filter((source): source is LiveLoad => source.kind === 'load');
}
