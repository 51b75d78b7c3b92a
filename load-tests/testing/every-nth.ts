/** Whether a wrong is due that is done to every n-th of something; never where `every` is left out. */
export function isDue(count: number, every: number | undefined): boolean {
  return every !== undefined && count % every === 0;
}
