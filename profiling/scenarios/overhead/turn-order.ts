/** Whose turn it is: no arm may gain from its place in a round, nor from who was before it. */

/**
 * A Williams design: in every `arms.length` rounds each arm stands once in each place, and (for an even number of
 * arms) once after each other arm.
 *
 * @param round from 0
 * @see Williams (1949), Experimental designs balanced for the estimation of residual effects of treatments
 */
export function turnOrder<Arm>(arms: readonly Arm[], round: number): readonly Arm[] {
  const count = arms.length;
  // 0, 1, −1, 2, −2, … : every difference between neighbours comes once.
  const steps = arms.map((_, place) => (place % 2 === 1 ? (place + 1) / 2 : count - place / 2));
  return steps.flatMap((step) => {
    const arm = arms[(step + round) % count];
    return arm === undefined ? [] : [arm];
  });
}
