/** What several runs say together: one verdict, what an engineer looks for first, what to fix, what to do next. */

import type { ScenarioName } from '../../record/run-record.ts';
import { formatList } from '../../verdict/quantities.ts';
import type { Finding, VerdictWord } from '../../verdict/verdict.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { npmScriptOf } from '../npm-script.ts';

/** A run that was judged, or one that never came to be measured. */
export type SummaryRun =
  | { readonly state: 'judged'; readonly scenario: ScenarioName; readonly judged: JudgedRun }
  | {
      readonly state: 'broken';
      readonly scenario: ScenarioName;
      readonly code: string;
      readonly message: string;
    };

type JudgedSummaryRun = Extract<SummaryRun, { readonly state: 'judged' }>;

/** A place that needs a change, and the run that says so. */
export interface Repair {
  readonly scenario: ScenarioName;
  readonly finding: Finding;
}

export interface Summary {
  readonly verdict: VerdictWord;
  /** One sentence that a stranger understands. */
  readonly sentence: string;
  readonly runs: readonly SummaryRun[];
  readonly keyFindings: readonly (Highlight & { readonly scenario: ScenarioName })[];
  /** Of runs that failed. */
  readonly repairs: readonly Repair[];
  /** What else the findings say to do, once each. */
  readonly recommendations: readonly Repair[];
  readonly nextStep: NextStep;
}

/** @property command for a shell, where there is one */
export interface NextStep {
  readonly text: string;
  readonly command: string | null;
}

/** @param runs in the order they were run */
export function summarise(runs: readonly SummaryRun[]): Summary {
  const judged = runs.flatMap((run) => (run.state === 'judged' ? [run] : []));
  const found = judged.flatMap(({ scenario, judged: { verdict } }) =>
    verdict.findings.map((finding) => ({ scenario, finding, isRepair: verdict.verdict === 'fail' })),
  );
  const repairs = found.filter(({ isRepair, finding }) => isRepair && isCode(finding));
  return {
    verdict: verdictOf(runs),
    sentence: sentenceOf(runs),
    runs,
    keyFindings: judged.flatMap(({ scenario, judged: { highlights } }) =>
      highlights.map((highlight) => ({ scenario, ...highlight })),
    ),
    repairs: repairs.map(({ scenario, finding }) => ({ scenario, finding })),
    recommendations: withoutRepeats(found.filter((one) => !repairs.includes(one))),
    nextStep: nextStepOf(runs),
  };
}

/** Whether it points into the code of the server; else into the rig, the system or a fault. */
export function isCode({ where }: Finding): boolean {
  return /\bserver\/[\w/-]+\.ts\b/.test(where);
}

/** A run that never was measured passes nothing. */
function verdictOf(runs: readonly SummaryRun[]): VerdictWord {
  const words = new Set(
    runs.map((run) => (run.state === 'judged' ? run.judged.verdict.verdict : 'inconclusive')),
  );
  if (words.has('fail')) return 'fail';
  return words.has('inconclusive') || runs.length === 0 ? 'inconclusive' : 'pass';
}

/** `Fail: memory failed: 100 connections were kept …; concurrency and churn passed.` */
function sentenceOf(runs: readonly SummaryRun[]): string {
  const of = (word: VerdictWord) =>
    runs.flatMap((run) => (run.state === 'judged' && run.judged.verdict.verdict === word ? [run] : []));
  const broken = runs.flatMap((run) =>
    run.state === 'broken' ? [`${run.scenario} could not be measured (${run.code})`] : [],
  );
  const grave = [
    ...of('fail').map(({ scenario, judged }) => `${scenario} failed (${reasonOf(judged)})`),
    ...broken,
  ];
  const told = [...grave, ...doubtText(of('inconclusive'), grave.length === 0)];
  const passed = of('pass').map(({ scenario }) => scenario);
  const rest = passed.length === 0 ? [] : [`${formatList(passed)} passed`];
  const word = { pass: 'Pass', fail: 'Fail', inconclusive: 'Inconclusive' }[verdictOf(runs)];
  return runs.length === 0 ? `${word}: nothing was run.` : `${word}: ${[...told, ...rest].join('; ')}.`;
}

/** The reason of the first is told where nothing is graver; the table of checks has them all. */
function doubtText(runs: readonly JudgedSummaryRun[], isGravest: boolean): readonly string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const names = formatList(runs.map(({ scenario }) => scenario));
  const reason = isGravest ? ` (${reasonOf(first.judged)})` : '';
  return [`${names} ${runs.length === 1 ? 'is' : 'are'} in doubt${reason}`];
}

/** The run's own sentence without its first word and its full stop. */
function reasonOf({ verdict }: JudgedRun): string {
  return verdict.sentence.replace(/^(Pass|Fail|Inconclusive):? */, '').replace(/\.$/, '');
}

function withoutRepeats(found: readonly Repair[]): readonly Repair[] {
  const seen = new Set<string>();
  return found.flatMap(({ scenario, finding }) => {
    if (seen.has(finding.todo)) return [];
    seen.add(finding.todo);
    return [{ scenario, finding }];
  });
}

/** The gravest first: what could not run, what failed, what is in doubt; then a longer look. */
function nextStepOf(runs: readonly SummaryRun[]): NextStep {
  const broken = runs.find((run) => run.state === 'broken');
  if (broken !== undefined) {
    return {
      text: `Find out why ${broken.scenario} could not be measured: ${broken.message}. Then run it alone.`,
      command: `npm run ${npmScriptOf(broken.scenario)} -- --quick`,
    };
  }
  const judged = runs.flatMap((run) => (run.state === 'judged' ? [run] : []));
  const worst =
    judged.find(({ judged: { verdict } }) => verdict.verdict === 'fail') ??
    judged.find(({ judged: { verdict } }) => verdict.verdict === 'inconclusive');
  if (worst !== undefined) return stepAfter(worst.judged);
  return {
    text: 'All of it held in short runs. Measure it in full length, and keep the figures to compare with: it takes less than half an hour.',
    command: 'npm run baseline',
  };
}

function stepAfter(judged: JudgedRun): NextStep {
  const { record, verdict } = judged;
  const [first] = verdict.findings;
  const how = verdict.verdict === 'fail' ? 'Begin with' : 'Settle';
  const why = first === undefined ? reasonOf(judged) : `${first.title}. ${first.todo}`;
  return { text: `${how} ${record.scenario}: ${why} Then run it again.`, command: record.command };
}
