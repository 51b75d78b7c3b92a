/** When a tier's figures must not be trusted: every reason of MEASUREMENT.md, one rule each. */

import type { CounterCheck, TierAnalysis } from '../analysis/tier-analysis.ts';
import { countFailures, isAnswer, isGivenUp, loadSideFailures } from './load-side-limits.ts';
import { formatCount, formatMs, formatPercent, formatRate, formatReasons } from './quantities.ts';
import {
  ANY_AMOUNT,
  generatorCpu,
  generatorLoop,
  machineCpu,
  negativeLatency,
  notSteady,
  otherLoad,
  problem,
  type Rig,
  windowCutShort,
  workerName,
} from './rig-validity.ts';
import type { ValidityProblem } from './verdict.ts';

const MIN_ACHIEVED_RATIO = 0.95;
/** A publisher this late does not keep its schedule; the figure of the loop-delay rule, since a late loop is why. */
const MAX_SCHEDULE_LAG_MS = 10;
/** A generator process this close to its descriptor limit has reached it. */
const FD_LIMIT_RATIO = 0.98;

type Rule = (tier: TierAnalysis, record: Rig) => readonly ValidityProblem[];

const RULES: readonly Rule[] = [
  generatorCpu,
  machineCpu,
  generatorLoop,
  rateNotAchieved,
  deliveredAboveExpected,
  ledgerDoesNotAddUp,
  negativeLatency,
  loadSideLimit,
  identicalCeilings,
  notSteady,
  countersDisagree,
  windowCutShort,
  nothingMeasured,
  otherLoad,
];

/** Every reason not to trust the figures of a tier; none when it was measured on a healthy rig. */
export function validityOf(tier: TierAnalysis, record: Rig): readonly ValidityProblem[] {
  return RULES.flatMap((rule) => rule(tier, record));
}

function rateNotAchieved(tier: TierAnalysis): readonly ValidityProblem[] {
  const { broadcasts, published, scheduleLag } = tier;
  const lagMs = scheduleLag.p99Ms ?? scheduleLag.maxMs ?? 0;
  const ownFault = published.sent < MIN_ACHIEVED_RATIO * published.intended || lagMs > MAX_SCHEDULE_LAG_MS;
  if ((broadcasts.ratio ?? 1) >= MIN_ACHIEVED_RATIO || !ownFault) return [];
  const said = `the publisher achieved ${formatPercent(broadcasts.ratio)} of its rate and ran ${formatMs(lagMs)} behind its schedule`;
  return [problem('rate-not-achieved', said, ANY_AMOUNT)];
}

function deliveredAboveExpected({ ledger }: TierAnalysis): readonly ValidityProblem[] {
  if (ledger.unique <= ledger.expected) return [];
  const said = `${formatCount(ledger.unique)} different messages arrived where ${formatCount(ledger.expected)} were expected`;
  return [problem('delivered-above-expected', said, ANY_AMOUNT)];
}

/** expected = unique + lost (and, by some counts, undetermined); received = unique + duplicated + foreign. */
function ledgerDoesNotAddUp({ ledger }: TierAnalysis): readonly ValidityProblem[] {
  const missing = ledger.expected - ledger.unique - ledger.lost;
  const surplus = ledger.received - ledger.unique - ledger.duplicated - ledger.foreign;
  const expectedAgrees = missing <= 0 || missing === ledger.undetermined;
  const receivedAgrees = surplus >= 0 && surplus <= ledger.wrongRoom + ledger.corrupt;
  if (expectedAgrees && receivedAgrees) return [];
  const said = `the delivery ledger does not add up: expected ${formatCount(ledger.expected)}, unique ${formatCount(ledger.unique)}, lost ${formatCount(ledger.lost)}, received ${formatCount(ledger.received)}`;
  return [problem('ledger-does-not-add-up', said, ANY_AMOUNT)];
}

function loadSideLimit(tier: TierAnalysis, record: Rig): readonly ValidityProblem[] {
  const own = loadSideFailures([...tier.failures.connect, ...tier.failures.publish]);
  const { fdLimit } = record.environment;
  const full = tier.workers.find((worker) => fdLimit !== null && worker.openFds >= FD_LIMIT_RATIO * fdLimit);
  const problems = [];
  if (countFailures(own) > 0) {
    problems.push(
      problem('load-side-limit', `the load side ran into its own limits: ${formatReasons(own)}`, 0),
    );
  }
  if (full !== undefined) {
    const said = `${workerName(full)} had ${formatCount(full.openFds)} of ${formatCount(fdLimit)} file descriptors open`;
    problems.push(problem('load-side-limit', said, 0));
  }
  return problems;
}

/** All workers stopping at one number below their share is how a limit of the generator looks, not of a server. */
function identicalCeilings(tier: TierAnalysis): readonly ValidityProblem[] {
  const subscribers = tier.workers.filter((worker) => worker.role === 'subscribers');
  const [first] = subscribers;
  const unanswered = tier.failures.connect.filter(({ reason }) => !isAnswer(reason) && !isGivenUp(reason));
  if (first === undefined || subscribers.length < 2 || countFailures(unanswered) === 0) return [];
  const share = Math.floor(tier.attempted / subscribers.length);
  const same = subscribers.every((worker) => worker.connections === first.connections);
  if (!same || first.connections >= share) return [];
  const said = `all ${subscribers.length} generator workers stopped at exactly ${formatCount(first.connections)} connections`;
  return [problem('identical-ceilings', said, 0)];
}

function countersDisagree(tier: TierAnalysis, record: Rig): readonly ValidityProblem[] {
  return tier.counterChecks
    .filter((check) => isUnexplained(check, record))
    .map((check) =>
      problem(
        'counters-disagree',
        `the server counts ${formatCount(check.server)} ${check.name}, the clients ${formatCount(check.client)}, and ${formatCount(Math.abs(check.unexplained ?? 0))} of the difference is unexplained`,
        0,
      ),
    );
}

/** A server that ran before us may have other visitors, who open connections of their own. */
function isUnexplained(check: CounterCheck, record: Rig): boolean {
  if (check.unexplained === null || check.unexplained === 0) return false;
  const othersConnect = record.target.kind === 'running' && check.name === 'connections';
  return !(othersConnect && check.unexplained > 0);
}

/** A window without a message keeps every limit, and proves nothing. */
function nothingMeasured(tier: TierAnalysis): readonly ValidityProblem[] {
  if (tier.delivery.n > 0 || tier.state !== 'completed') return [];
  const said = `no message arrived in the measured window of ${formatMs(tier.measuredMs)} at ${formatRate(tier.broadcasts.requestedPerSecond)}`;
  return [problem('nothing-measured', said, 0)];
}
