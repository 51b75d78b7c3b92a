/** Target, calibration, generator, scenario → one run record. Nothing is left running, however it ends. */

import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { LoadCoordinator } from '../../load-tests/generator/coordinator.ts';
import { formatFault } from '../../server/faults/fault-catalogue.ts';
import type { Profiles } from '../record/profile-record.ts';
import type { RunEnvelope } from '../record/run-envelope.ts';
import type { RunBody, RunRecord } from '../record/run-record.ts';
import { writeWhole } from '../report/write-reports.ts';
import { readEnvironment } from '../run/environment.ts';
import { readFdLimit } from '../run/fd-limits.ts';
import { obtainCalibration } from '../run/rig-calibration.ts';
import { chooseWorkers } from '../run/rig-size.ts';
import type { Target } from '../run/target.ts';
import type { ScenarioProgress, ScenarioResult } from '../scenarios/scenario.ts';
import type { VerdictWord } from '../verdict/verdict.ts';
import { breachProfiles } from './breach-limits.ts';
import { compareSnapshots } from './compare-snapshots.ts';
import { LiveShow } from './live-show.ts';
import type { MeasureInput } from './measure-input.ts';
import { announceTarget, openTarget, spawnVariant } from './open-target.ts';
import { openTickPage } from './open-tick-page.ts';
import { repeatCommand } from './repeat-command.ts';
import { RunProfiles } from './run-profiles.ts';
import { searchJudge, tickSearchJudge } from './search-judge.ts';

interface Measured {
  readonly result: ScenarioResult<RunBody>;
  readonly calibration: Calibration | null;
  readonly workers: number | null;
  readonly profiles?: Profiles;
}

/** What follows while the target and the live figures are still there: the verdict is one of them. */
export type Finish<Finished extends Judged> = (record: RunRecord) => Promise<Finished>;

interface Judged {
  readonly judged: { readonly verdict: { readonly verdict: VerdictWord } };
}

/**
 * Runs a scenario to its end, or to where it was stopped or broke, and has it judged. A tool draws before that, when the server has ended.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE`, `TL_SERVER_START_FAILED` or `TL_WORKER_FAILED` when
 * nothing could be measured at all; `TL_USAGE` when the live figures cannot be shown at the address asked for
 */
export async function measureRun<Finished extends Judged>(
  input: MeasureInput,
  finish: Finish<Finished>,
): Promise<{ readonly record: RunRecord; readonly finished: Finished }> {
  const live = await openLive(input);
  try {
    const target = await openTarget(input);
    try {
      await live.drives(target.description.metrics);
      announceTarget(input, target);
      const profiles = new RunProfiles({ ...input, kinds: input.options.profile });
      await profiles.prepare(target);
      const measured = await measure(input, { target, live, profiles });
      const told = await toRecord(input, target, { ...measured, ...profiles.record() });
      const record = { ...told, ...(await drawn(input, target)) };
      const finished = await finish(record);
      await live.judged(finished.judged.verdict.verdict);
      return { record, finished };
    } finally {
      input.progress.step('closing the target');
      await target.close();
    }
  } finally {
    await live.close();
    input.progress.clear();
  }
}

async function openLive({ options, projectFolder, ...input }: MeasureInput): Promise<LiveShow> {
  const { touchlineVersion } = await readEnvironment(projectFolder);
  return LiveShow.open({
    ...options.live,
    run: input.runId,
    scenario: input.scenario.name,
    version: touchlineVersion,
    targetsFolder: resolve(
      input.environment['TOUCHLINE_TARGETS'] ?? join(projectFolder, '.touchline', 'targets'),
    ),
    note: (sentence) => input.progress.note(sentence),
  });
}

interface Stage {
  readonly target: Target;
  readonly live: LiveShow;
  readonly profiles: RunProfiles;
}

async function measure(input: MeasureInput, { target, live, profiles }: Stage): Promise<Measured> {
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
      const report = (now: ScenarioProgress) => {
        live.report(now);
        profiles.report(now);
        progress.show(now);
      };
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
        load: profiles.watch(live.watch(load)),
        projectFolder,
        runFolder: input.runFolder,
        compareSnapshots: (asked) => compareSnapshots(asked, { projectFolder, signal }),
        signal,
        wait,
        report,
        spawnVariant: async (variant) => {
          const started = await spawnVariant(input, live, variant);
          profiles.serverRuns(started);
          return started;
        },
        keepFile: (path, text) => writeWhole(join(input.runFolder, path), text),
        openTickPage,
        breaches: breachProfiles(input, target, load),
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

/** What the tool left, where there is one: it draws when the server has ended. */
async function drawn(
  { tool, progress }: MeasureInput,
  target: Target,
): Promise<Pick<RunEnvelope, 'tool' | 'artefacts'>> {
  if (tool === undefined) return {};
  const { session, title, cost } = tool;
  progress.step('closing the target');
  await target.close();
  progress.step(`${session.title} works on what it collected, the longer the longer the run was`);
  const result = await session.collect();
  return result.kind === 'kept'
    ? { tool: { title, cost, failure: null }, artefacts: [...result.artefacts] }
    : { tool: { title, cost, failure: result.reason } };
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
    ...(measured.profiles === undefined ? {} : { profiles: measured.profiles }),
  };
  return { ...envelope, ...body };
}
