/** What a route of the admin port is: who may ask it, and how it answers. */

import type { ServerResponse } from 'node:http';
import type { AdminAnswer } from './admin-answer.ts';

export interface AdminRequest {
  readonly accept: string | undefined;
  readonly query: URLSearchParams;
}

interface RouteAccess {
  readonly method: 'GET' | 'POST';
  /** `token`: only with the bearer token. */
  readonly access: 'open' | 'token';
}

export interface AnsweredRoute extends RouteAccess {
  answer(request: AdminRequest): Promise<AdminAnswer>;
}

export interface StreamedRoute extends RouteAccess {
  /** Takes the response and keeps it open (null), or answers why not. */
  stream(response: ServerResponse): Promise<AdminAnswer | null>;
}

export type AdminRoute = AnsweredRoute | StreamedRoute;
