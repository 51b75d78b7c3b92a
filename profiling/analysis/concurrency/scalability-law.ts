/**
 * The Universal Scalability Law, on the quantity where it is honest here.
 *
 * The load is open: so many broadcasts a second whatever the server does. Deliveries per second therefore grow
 * with the connections by construction until something breaks, and a law fitted to them would only find the
 * schedule again. What the server decides is its cost. By the utilisation law (U = X · S) deliveries per second
 * divided by the cores they took are what one full core could deliver at that number of connections: the
 * capacity X(N) that Gunther's law describes,
 *
 *     X(N) = λN / (1 + σ(N − 1) + κN(N − 1)).
 *
 * One broadcast to N connections costs S(N) = N / X(N) = c₀ + c₁(N − 1) + c₂N(N − 1) seconds of CPU, with
 * λ = 1/c₀, σ = c₁/c₀, κ = c₂/c₀: linear in c, so least squares need no starting guess. Residuals are relative to
 * S, because a figure of 5 ms is off by milliseconds and one of 50 µs by microseconds. σ is what every recipient
 * adds to a broadcast, κ what grows faster than that (garbage collection, full socket buffers).
 *
 * @see N. J. Gunther, Guerrilla Capacity Planning (2007), chapters 4 to 6
 * @see P. J. Denning, J. P. Buzen, The Operational Analysis of Queueing Network Models (1978)
 */

import type { ScalabilityFit, ScalabilityPoint } from './concurrency-analysis.ts';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';

/** What one tier contributes. */
export interface CapacityPoint {
  readonly connections: number;
  readonly deliveriesPerSecond: number;
  /** Server cores above idle. */
  readonly cpuCores: number;
}

/** Three parameters need at least one point more, or they fit anything. */
const MIN_POINTS = 4;
/** Below this the curve does not describe the points. */
const MIN_R2 = 0.8;
/** The largest tier must have used this much of a core: carrying a line to a full core further than 5× is a guess. */
const MIN_UTILISATION_CORES = 0.2;
/** A peak further out than this many times the largest tier is not in the data. */
const FURTHEST_RATIO = 10;

/** Fits the law to the tiers, or says in a sentence why no limit can be predicted from them. */
export function fitScalability(
  points: readonly CapacityPoint[],
  broadcastsPerSecond: number,
): ScalabilityFit {
  const usable = points.filter((point) => point.cpuCores > 0 && point.deliveriesPerSecond > 0);
  const shown = usable.map(capacity);
  const refuse = (why: string): ScalabilityFit => ({
    state: 'meaningless',
    points: shown,
    sentence: `No limit can be predicted from this run: ${why}.`,
  });
  if (usable.length < MIN_POINTS) {
    return refuse(`the fit needs the server's CPU at ${MIN_POINTS} tiers, and ${usable.length} show it`);
  }
  const busiest = Math.max(...usable.map((point) => point.cpuCores));
  if (busiest < MIN_UTILISATION_CORES) {
    return refuse(
      `load was fixed at ${broadcastsPerSecond} broadcasts/s and no saturation was seen, the server used ${busiest.toFixed(2)} of a core at most`,
    );
  }
  const [c0 = 0, c1 = 0, c2 = 0] = fitCost(usable);
  if (c0 <= 0) return refuse('the cost of a broadcast shows no fixed part to compare with');
  const law = { lambda: 1 / c0, sigma: c1 / c0, kappa: c2 / c0 };
  const r2 = explained(shown, law);
  if (r2 === null || r2 < MIN_R2) {
    return refuse(
      `the law explains ${r2 === null ? 'none' : `only ${(Math.max(0, r2) * 100).toFixed(0)} %`} of the differences between tiers`,
    );
  }
  const largest = Math.max(...usable.map((point) => point.connections));
  const limits = predict(law, { largest, broadcastsPerSecond });
  return {
    state: 'fitted',
    ...law,
    r2,
    ...limits,
    points: shown,
    sentence: sentence(limits, broadcastsPerSecond, largest),
  };
}

/** Parameters of the law; `lambda` in deliveries per CPU second. */
export interface ScalabilityLaw {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

/** X(N): deliveries per CPU second that the law gives for so many connections. */
export function capacityAt(law: ScalabilityLaw, connections: number): number {
  const { lambda, sigma, kappa } = law;
  return (lambda * connections) / (1 + sigma * (connections - 1) + kappa * connections * (connections - 1));
}

function capacity(point: CapacityPoint): ScalabilityPoint {
  return {
    connections: point.connections,
    deliveriesPerCpuSecond: point.deliveriesPerSecond / point.cpuCores,
  };
}

function fitCost(points: readonly CapacityPoint[]): readonly number[] {
  const rows = points.map((point) => {
    const n = point.connections;
    const cost = (n * point.cpuCores) / point.deliveriesPerSecond;
    return [1 / cost, (n - 1) / cost, (n * (n - 1)) / cost];
  });
  return nonNegativeLeastSquares(
    rows,
    rows.map(() => 1),
  );
}

function explained(points: readonly ScalabilityPoint[], law: ScalabilityLaw): number | null {
  const seen = points.map((point) => point.deliveriesPerCpuSecond);
  const mean = seen.reduce((total, value) => total + value, 0) / seen.length;
  const spread = seen.reduce((total, value) => total + (value - mean) ** 2, 0);
  const left = points.reduce(
    (total, point) => total + (point.deliveriesPerCpuSecond - capacityAt(law, point.connections)) ** 2,
    0,
  );
  return spread === 0 ? null : 1 - left / spread;
}

interface Predicted {
  readonly peakConnections: number | null;
  readonly fullCoreConnections: number | null;
}

function predict(
  law: ScalabilityLaw,
  range: { readonly largest: number; readonly broadcastsPerSecond: number },
): Predicted {
  const furthest = range.largest * FURTHEST_RATIO;
  const peak =
    law.kappa > 0 && law.sigma < 1 ? Math.sqrt((1 - law.sigma) / law.kappa) : Number.POSITIVE_INFINITY;
  const full = fullCore(law, range.broadcastsPerSecond);
  return {
    peakConnections: peak <= furthest ? Math.round(peak) : null,
    fullCoreConnections: full <= furthest ? Math.floor(full) : null,
  };
}

/** N where broadcasts per second × S(N) = 1 core: the root of κN² + (σ − κ)N + (1 − σ − λ/rate) = 0. */
function fullCore(law: ScalabilityLaw, broadcastsPerSecond: number): number {
  const { lambda, sigma, kappa } = law;
  const constant = 1 - sigma - lambda / broadcastsPerSecond;
  if (constant >= 0) return 1;
  if (kappa === 0) return sigma === 0 ? Number.POSITIVE_INFINITY : -constant / sigma;
  const b = sigma - kappa;
  return (-b + Math.sqrt(b * b - 4 * kappa * constant)) / (2 * kappa);
}

function sentence(limits: Predicted, broadcastsPerSecond: number, largest: number): string {
  const { fullCoreConnections: full, peakConnections: peak } = limits;
  const core =
    full === null
      ? `At ${broadcastsPerSecond} broadcasts/s a full core lies beyond ten times the largest tier, too far off to name`
      : `At ${broadcastsPerSecond} broadcasts/s one server core is full at about ${full.toLocaleString('en-US')} connections${full > largest ? ' (extrapolated)' : ''}`;
  const top =
    peak === null
      ? 'capacity shows no peak within ten times the measured range'
      : `capacity peaks at about ${peak.toLocaleString('en-US')} connections`;
  return `${core}; ${top}.`;
}
