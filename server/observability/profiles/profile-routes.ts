/** `POST /debug/cpu-profile` and `POST /debug/heap-profile` of the admin port. */

import { jsonAnswer } from '../admin-answer.ts';
import type { AnsweredRoute } from '../admin-route.ts';
import { ProcessProfiler } from './process-profiler.ts';
import { CPU_PROFILE, HEAP_PROFILE, type ProfileKind } from './profile-kinds.ts';
import { parseProfileRequest } from './profile-request.ts';

/** Routes by path; both only with the token: a profile names every function and file of the process. */
export function profileRoutes(): readonly (readonly [string, AnsweredRoute])[] {
  return [
    ['/debug/cpu-profile', routeOf(CPU_PROFILE)],
    ['/debug/heap-profile', routeOf(HEAP_PROFILE)],
  ];
}

function routeOf(kind: ProfileKind): AnsweredRoute {
  const profiler = new ProcessProfiler(kind);
  return {
    method: 'POST',
    access: 'token',
    answer: async ({ query }) => jsonAnswer(await profiler.answer(parseProfileRequest(query, kind))),
  };
}
