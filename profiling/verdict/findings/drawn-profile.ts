/** Which of a run's profiles its report draws and its findings name. */

/** The one whose calls were kept; where nothing was busy enough to be drawn, the last. */
export function drawnOf<Profile extends { readonly calls: readonly unknown[] }>(
  profiles: readonly Profile[],
): Profile | undefined {
  return profiles.find(({ calls }) => calls.length > 0) ?? profiles.at(-1);
}
