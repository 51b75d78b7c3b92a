/** A peer ends by SIGTERM, and when whoever started it goes away: its standard input ends then. */

/** @param stop lets go of everything that keeps the process alive */
export function endWithHarness(stop: () => void): void {
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    stop();
    process.stdin.destroy();
  };
  process.once('SIGTERM', end);
  process.stdin.once('end', end).once('close', end).resume();
}
