/** What we would fix next, from what was found: each with the figure that speaks for it. Nothing here is written by hand. */

import type { ScenarioName } from '../../record/run-record.ts';
import { formatPercent, formatQuantity } from '../../verdict/quantities.ts';
import { formatLimit, THRESHOLD_NAMES, THRESHOLDS, type ThresholdName } from '../../verdict/thresholds.ts';
import type { Check, LimitKind, VerdictWord } from '../../verdict/verdict.ts';
import type { JudgedRun } from '../judged-run.ts';
import { isCode } from '../summary/summary.ts';

export interface FixNext {
  readonly scenario: ScenarioName;
  readonly what: string;
  /** In the code or the system; null where the figure says it all. */
  readonly where: string | null;
  /** The figure that speaks for it. */
  readonly because: string;
  readonly todo: string;
}

/** What limits a run and lies in the server; the rig's limits are nothing to fix there. */
const SERVER_LIMITS: ReadonlySet<LimitKind> = new Set([
  'threshold',
  'server-core',
  'server-loop',
  'memory',
  'fds',
]);
/** Of a limit; what uses less has room for twice the load. */
const WORTH_TELLING = 0.5;
const MOST_NEAR = 3;

/**
 * The gravest first: what failed, what is in doubt, what gave way, what findings say of the code, what is near its
 * limit. Figures of a run in doubt speak for nothing but a second run.
 */
export function fixNext(runs: readonly JudgedRun[]): readonly FixNext[] {
  const of = (word: VerdictWord) => runs.filter(({ verdict }) => verdict.verdict === word);
  const sure = [...of('fail'), ...of('pass')];
  return [
    ...of('fail').flatMap(findings),
    ...of('inconclusive').map(doubt),
    ...sure.flatMap(limit),
    ...of('pass').flatMap(findings),
    ...nearest(sure),
  ];
}

function doubt({ record, verdict }: JudgedRun): FixNext {
  return {
    scenario: record.scenario,
    what: 'This scenario has no verdict yet',
    where: null,
    because: verdict.sentence,
    todo: `${verdict.findings[0]?.todo ?? 'Find out what kept it from one.'} Then run it again.`,
  };
}

function findings({ record, verdict }: JudgedRun): readonly FixNext[] {
  return verdict.findings.filter(isCode).map(({ title, seen, where, todo }) => ({
    scenario: record.scenario,
    what: title,
    where,
    because: seen,
    todo,
  }));
}

function limit({ record, verdict }: JudgedRun): readonly FixNext[] {
  const { kind, sentence } = verdict.limitedBy;
  if (!SERVER_LIMITS.has(kind)) return [];
  return [
    {
      scenario: record.scenario,
      what: 'What gives way first',
      where: null,
      because: `${sentence}.`,
      todo: 'Take a CPU profile at this load: the widest frame that is no socket write comes first.',
    },
  ];
}

interface Near {
  readonly scenario: ScenarioName;
  readonly check: Check;
  readonly name: ThresholdName;
  /** 1: at its limit. */
  readonly used: number;
}

/** Checks that held, and use most of their limit. */
function nearest(runs: readonly JudgedRun[]): readonly FixNext[] {
  return runs
    .flatMap(({ record, verdict }) => verdict.checks.flatMap((check) => nearOf(record.scenario, check)))
    .filter(({ used }) => used >= WORTH_TELLING)
    .sort((a, b) => b.used - a.used)
    .slice(0, MOST_NEAR)
    .map(({ scenario, check, name, used }) => ({
      scenario,
      what: `${check.title} is near its limit`,
      where: null,
      because: `${formatQuantity(check.observed, check.unit)} of ${formatLimit(name, check.threshold)}: ${formatPercent(used)} of it is used${check.tier === undefined ? '' : ` at ${check.tier.toLocaleString('en-US')} connections`}.`,
      todo: `It is what breaks next with more load: ${THRESHOLDS[name].help}.`,
    }));
}

function nearOf(scenario: ScenarioName, check: Check): readonly Near[] {
  const name = THRESHOLD_NAMES.find((candidate) => candidate === check.name);
  const { observed, threshold, verdict } = check;
  if (name === undefined || verdict !== 'pass' || observed === null || observed <= 0 || threshold <= 0)
    return [];
  const used = THRESHOLDS[name].comparison === 'at-least' ? threshold / observed : observed / threshold;
  return [{ scenario, check, name, used }];
}
