/** Target, calibration, generator, scenario → one run record. Nothing is left running, however it ends. */

import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { LoadCoordinator } from '../../load-tests/generator/coordinator.ts';
import { formatFault } from '../../server/faults/fault-catalogue.ts';
import type { Override, RunEnvelope } from '../record/run-envelope.ts';
import type { RunBody, RunRecord } from '../record/run-record.ts';
import { readEnvironment } from '../run/environment.ts';
import { readFdLimit } from '../run/fd-limits.ts';
import { obtainCalibration } from '../run/rig-calibration.ts';
import { chooseWorkers } from '../run/rig-size.ts';
import { reachTarget } from '../run/running-target.ts';
import { advertiseTarget } from '../run/scrape-targets.ts';
import { overridesFor, spawnTarget } from '../run/spawned-target.ts';
import type { Target } from '../run/target.ts';
import type { AnyScenario } from '../scenarios/registry.ts';
import type { ScenarioResult, ServerVariant } from '../scenarios/scenario.ts';
import { openTickPage } from './open-tick-page.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import { repeatCommand } from './repeat-command.ts';
import { isLoopback, type RunOptions } from './run-options.ts';
import { searchJudge, tickSearchJudge } from './search-judge.ts';

export interface MeasureInput {
  readonly scenario: AnyScenario;
  readonly options: RunOptions;
  readonly runId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Folder of package.json and dist/. */
  readonly projectFolder: string;
  readonly runFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
}

interface Measured {
  readonly result: ScenarioResult<RunBody>;
  readonly calibration: Calibration | null;
  readonly workers: number | null;
}

/**
 * Runs a scenario to its end, or to where it was stopped or broke.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE`, `TL_SERVER_START_FAILED` or `TL_WORKER_FAILED` when
 * nothing could be measured at all
 */
export async function measureRun(input: MeasureInput): Promise<RunRecord> {
  const target = await openTarget(input);
  const withdraw = await advertise(input, target);
  try {
    announceTarget(input, target);
    return await toRecord(input, target, await measure(input, target));
  } finally {
    input.progress.step('closing the target');
    await withdraw();
    await target.close();
    input.progress.clear();
  }
}

function openTarget(input: MeasureInput): Promise<Target> {
  const { target, apiToken } = input.options;
  if (target.kind === 'spawned') return spawnServer(input, { overrides: overridesOf(input) });
  return reachTarget({ ...target, apiToken, sharesMachine: isLoopback(target.url) });
}

function overridesOf({ scenario, options }: MeasureInput): readonly Override[] {
  const { connections } = scenario.demand(options);
  const own = scenario.overrides(options);
  const common = overridesFor({ connections, quick: options.quick });
  return [...common.filter(({ name }) => own.every((override) => override.name !== name)), ...own];
}

interface ServerLook {
  readonly overrides: readonly Override[];
  readonly nodeOptions?: readonly string[];
  readonly logName?: string;
}

function spawnServer(
  { options, runFolder, projectFolder, environment }: MeasureInput,
  { overrides, nodeOptions = [], logName = 'server.log' }: ServerLook,
): Promise<Target> {
  const { target, apiToken } = options;
  const faults = target.kind === 'spawned' ? target.faults : [];
  return spawnTarget({
    projectFolder,
    runFolder,
    environment,
    faults,
    overrides,
    nodeOptions,
    logName,
    apiToken,
  });
}

/** A server like the measured one, but for the settings of the variant. */
function spawnVariant(input: MeasureInput, { name, settings, nodeOptions }: ServerVariant): Promise<Target> {
  const own = Object.entries(settings).map(([setting, value]) => ({ name: setting, value, why: name }));
  const common = overridesOf(input).filter((override) => !(override.name in settings));
  return spawnServer(input, {
    overrides: [...common, ...own],
    nodeOptions: nodeOptions(input.runFolder),
    logName: `server-${name}.log`,
  });
}

async function advertise(input: MeasureInput, { description }: Target): Promise<() => Promise<void>> {
  if (description.kind === 'running' || description.metrics === null) return async () => undefined;
  return advertiseTarget({
    folder: join(input.projectFolder, '.touchline', 'targets'),
    runId: input.runId,
    scenario: input.scenario.name,
    metricsUrl: description.metrics,
  });
}

function announceTarget({ progress, options }: MeasureInput, target: Target): void {
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

async function measure(input: MeasureInput, target: Target): Promise<Measured> {
  const { options, signal, progress, projectFolder, scenario, startedAt } = input;
  let calibration: Calibration | null = null;
  try {
    calibration = await obtainCalibration({
      folder: join(projectFolder, '.touchline'),
      signal,
      onStep: (text) => progress.step(text),
    });
    const workers = chooseWorkers({
      requested: options.workers,
      ...scenario.demand(options),
      cores: cpus().length,
      fdLimit: await readFdLimit(),
      calibration,
    });
    const load = await LoadCoordinator.start({ workers, signal: AbortSignal.any([signal, target.died]) });
    try {
      const wait = (ms: number) => interruptibleWait(ms, signal);
      const report = (now: Parameters<ProgressReporter['show']>[0]) => progress.show(now);
      const circumstances = {
        options,
        thresholds: options.thresholds,
        target: target.description,
        environment: await readEnvironment(projectFolder),
        calibration,
      };
      const result = await scenario.run({
        options,
        startedAt,
        target,
        load,
        projectFolder,
        signal,
        wait,
        report,
        spawnVariant: (variant) => spawnVariant(input, variant),
        openTickPage,
        search: searchJudge(circumstances),
        tickSearch: tickSearchJudge(circumstances),
      });
      return { result, calibration, workers };
    } finally {
      await load.stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return {
      result: { outcome: STOPPED_EARLY, body: scenario.nothing(options) },
      calibration,
      workers: null,
    };
  }
}

const STOPPED_EARLY = {
  state: 'interrupted',
  message: 'stopped by a signal before anything was measured',
} as const;

async function interruptibleWait(ms: number, signal: AbortSignal): Promise<void> {
  // Rejects only when the signal aborts, which the scenario looks at itself.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

async function toRecord(input: MeasureInput, target: Target, measured: Measured): Promise<RunRecord> {
  const { options, scenario } = input;
  const { outcome, body } = measured.result;
  const envelope: RunEnvelope = {
    schema: 'touchline/run-record',
    schemaVersion: 1,
    runId: input.runId,
    outcome,
    startedAt: input.startedAt,
    finishedAt: Date.now(),
    command: repeatCommand(scenario.name, options),
    seed: options.seed,
    quick: options.quick,
    options: {
      ...scenario.recorded(options),
      arrival: options.arrival,
      client: options.client,
      workers: measured.workers,
      matchId: options.matchId ?? null,
    },
    faults: options.target.kind === 'spawned' ? options.target.faults.map(formatFault) : [],
    overrides: [...target.overrides],
    thresholds: { ...options.thresholds },
    target: target.description,
    environment: await readEnvironment(input.projectFolder),
    calibration: measured.calibration,
  };
  return { ...envelope, ...body };
}
