/** The server of a run, as its options name it, and the variants beside it. */

import { formatFault } from '../../server/faults/fault-catalogue.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Override } from '../record/run-envelope.ts';
import { chooseAdminPort } from '../run/run-admin-port.ts';
import { reachTarget } from '../run/running-target.ts';
import { overridesFor, spawnTarget } from '../run/spawned-target.ts';
import type { Target } from '../run/target.ts';
import type { ServerVariant } from '../scenarios/scenario.ts';
import { snapshotsOnly } from '../tools/one-profiler.ts';
import type { ToolSession } from '../tools/tool-session.ts';
import type { LiveShow } from './live-show.ts';
import { isLoopback, isLoopbackHost } from './loopback.ts';
import type { MeasureInput } from './measure-input.ts';
import type { LiveOptions } from './run-options.ts';

/** The measured server: started, or reached where it runs already. */
export function openTarget(input: MeasureInput): Promise<Target> {
  const { target, apiToken } = input.options;
  if (target.kind === 'spawned') return spawnMeasured(input);
  const { attachPid: pid, ...address } = target;
  const warn = (sentence: string) => input.progress.note(sentence);
  const attach = pid === undefined ? undefined : { pid, warn };
  const speaks = input.scenario.speaks ?? 'websocket';
  return reachTarget({ ...address, speaks, apiToken, sharesMachine: isLoopback(target.url), attach });
}

/** On the port that a Prometheus knows, if it may be seen at all and the port is free. */
async function spawnMeasured(input: MeasureInput): Promise<Target> {
  const { live } = input.options;
  const overrides = overridesOf(input);
  const adminPort = live.isOn ? await chooseAdminPort(live.host) : 0;
  const launcher = input.tool?.session;
  try {
    return await spawnServer(input, { overrides, adminPort, launcher });
  } catch (error) {
    if (input.signal.aborted) {
      throw new TouchlineError('TL_INTERRUPTED', 'stopped by a signal while the server was started', {
        cause: error,
      });
    }
    // Another run was faster.
    if (adminPort === 0 || !String(error).includes('TL_PORT_UNAVAILABLE')) throw error;
    return spawnServer(input, { overrides, launcher });
  }
}

function overridesOf({ scenario, options }: MeasureInput): readonly Override[] {
  const { connections } = scenario.demand(options);
  const own = scenario.overrides(options);
  const common = [...overridesFor({ connections, quick: options.quick }), ...adminOverrides(options.live)];
  return [...common.filter(({ name }) => own.every((override) => override.name !== name)), ...own];
}

/** Who shall see the profiler from elsewhere shall see its server, too. */
function adminOverrides({ isOn, host }: LiveOptions): readonly Override[] {
  if (!isOn || isLoopbackHost(host)) return [];
  const why = 'so that --live-host shows the server, too';
  return [
    { name: 'ADMIN_HOST', value: host, why },
    { name: 'ALLOWED_HOSTS', value: 'host.docker.internal', why },
  ];
}

interface ServerLook {
  readonly overrides: readonly Override[];
  readonly nodeOptions?: readonly string[];
  readonly logName?: string;
  readonly adminPort?: number;
  readonly launcher?: ToolSession | undefined;
}

async function spawnServer(
  { options, runFolder, projectFolder, environment }: MeasureInput,
  { overrides, nodeOptions = [], logName = 'server.log', adminPort = 0, launcher }: ServerLook,
): Promise<Target> {
  const { target, apiToken } = options;
  const faults = target.kind === 'spawned' ? target.faults : [];
  const spawned = await spawnTarget({
    projectFolder,
    runFolder,
    environment,
    faults,
    overrides,
    nodeOptions,
    logName,
    apiToken,
    adminPort,
    launcher,
  });
  const { profiles } = spawned;
  if (launcher === undefined || profiles === null) return spawned;
  return { ...spawned, profiles: snapshotsOnly(profiles, launcher.title) };
}

/** A server like the measured one, but for the settings of the variant; seen for as long as it runs. */
export async function spawnVariant(
  input: MeasureInput,
  live: LiveShow,
  { name, settings, nodeOptions }: ServerVariant,
): Promise<Target> {
  const own = Object.entries(settings).map(([setting, value]) => ({ name: setting, value, why: name }));
  const common = overridesOf(input).filter((override) => !(override.name in settings));
  const target = await spawnServer(input, {
    overrides: [...common, ...own],
    nodeOptions: nodeOptions(input.runFolder),
    logName: `server-${name}.log`,
  });
  const { metrics } = target.description;
  if (metrics === null) return target;
  const withdraw = await live.serverRuns(metrics);
  const close = async () => {
    await withdraw();
    await target.close();
  };
  return { ...target, close };
}

/** Says what is measured, and what was changed in it. */
export function announceTarget({ progress, options }: MeasureInput, target: Target): void {
  const { kind, url } = target.description;
  progress.note(`target: ${kind === 'spawned' ? 'the reference server, started at' : 'running at'} ${url}`);
  if (options.target.kind === 'spawned') {
    for (const fault of options.target.faults) {
      progress.note(`FAULT switched on: ${formatFault(fault)}; this run must fail`);
    }
  }
  for (const { name, value, why } of target.overrides) {
    progress.note(`server setting ${name}=${value}: ${why}`);
  }
  for (const sentence of target.blindSpots) progress.note(`blind spot: ${sentence}`);
}
