/** Least squares for a handful of parameters that cannot be negative. */

/**
 * Minimises |A·c − b|² over c ≥ 0. With so few parameters every choice of which ones are zero is tried: exact,
 * deterministic and without a starting guess.
 *
 * @param rows A, one row per observation
 * @param values b, one value per row
 * @returns one parameter per column; zeroes when nothing fits better
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  values: readonly number[],
): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  let best: readonly number[] = new Array<number>(columns).fill(0);
  let bestError = squaredError(rows, values, best);
  for (let mask = 1; mask < 2 ** columns; mask += 1) {
    const chosen = Array.from({ length: columns }, (_, index) => index).filter(
      (index) => (mask >> index) % 2 === 1,
    );
    const solved = solveNormalEquations(rows, values, chosen);
    if (solved === null || solved.some((value) => value < 0)) continue;
    const candidate = new Array<number>(columns).fill(0);
    chosen.forEach((column, index) => {
      candidate[column] = solved[index] ?? 0;
    });
    const error = squaredError(rows, values, candidate);
    if (error < bestError) [best, bestError] = [candidate, error];
  }
  return best;
}

function squaredError(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  parameters: readonly number[],
): number {
  return rows.reduce((total, row, index) => total + (dot(row, parameters) - (values[index] ?? 0)) ** 2, 0);
}

/** Columns are scaled to length 1 first: their sizes differ by many powers of ten. */
function solveNormalEquations(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  chosen: readonly number[],
): readonly number[] | null {
  const scales = chosen.map((column) => Math.hypot(...rows.map((row) => row[column] ?? 0)));
  if (scales.some((scale) => scale === 0)) return null;
  const scaled = rows.map((row) => chosen.map((column, index) => (row[column] ?? 0) / (scales[index] ?? 1)));
  const column = (index: number): number[] => scaled.map((row) => row[index] ?? 0);
  const matrix = chosen.map((_, i) => [
    ...chosen.map((__, j) => dot(column(i), column(j))),
    dot(column(i), values),
  ]);
  const solved = eliminate(matrix);
  return solved?.map((value, index) => value / (scales[index] ?? 1)) ?? null;
}

/** Gauss–Jordan with row pivots on an augmented matrix; null when it is singular. */
function eliminate(matrix: number[][]): readonly number[] | null {
  const size = matrix.length;
  for (let step = 0; step < size; step += 1) {
    const tail = matrix.slice(step).map((row) => Math.abs(row[step] ?? 0));
    const pivotIndex = step + tail.indexOf(Math.max(...tail));
    const pivot = matrix[pivotIndex] ?? [];
    const lead = pivot[step] ?? 0;
    // 1e-12 of columns of length 1: no more than rounding is left of this one.
    if (Math.abs(lead) < 1e-12) return null;
    matrix[pivotIndex] = matrix[step] ?? [];
    matrix[step] = pivot.map((value) => value / lead);
    for (let index = 0; index < size; index += 1) {
      const row = matrix[index] ?? [];
      const factor = index === step ? 0 : (row[step] ?? 0);
      matrix[index] = row.map((value, at) => value - factor * (matrix[step]?.[at] ?? 0));
    }
  }
  return matrix.map((row) => row[size] ?? 0);
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((total, value, index) => total + value * (right[index] ?? 0), 0);
}
