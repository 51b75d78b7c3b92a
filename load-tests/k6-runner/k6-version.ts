/** Which k6 a program is, by what it answers to `k6 version`. */

export type K6Version =
  | { readonly kind: 'fits'; readonly version: string }
  | { readonly kind: 'unfit'; readonly reason: string };

const NEEDED_MAJOR = 2;

/** @param answer stdout of `k6 version`; undefined where it failed */
export function judgeK6Version(program: string, answer: string | undefined): K6Version {
  const [, version, major] = /^k6(?:\.exe)? (v(\d+)\.\d+\.\d+\S*)/.exec(answer ?? '') ?? [];
  if (version === undefined) {
    return {
      kind: 'unfit',
      reason: `${program} is not k6: it does not answer "k6 version" as k6 does (the npm package k6 is an empty one of that name).`,
    };
  }
  if (Number(major) !== NEEDED_MAJOR) {
    return { kind: 'unfit', reason: `${program} is k6 ${version}; the scripts need k6 v${NEEDED_MAJOR}.` };
  }
  return { kind: 'fits', version };
}
