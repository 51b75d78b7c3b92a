/** The HTTP side of matches: publish commentary, read what is kept. */

import type { IncomingHttpHeaders } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { COMMENTARY_LIMITS, MAX_MATCH_ID } from '../../protocol/messages.ts';
import type { Matches } from './matches.ts';

export interface MatchRouteOptions {
  readonly matches: Matches;
  /** @throws TouchlineError when this request may not publish */
  readonly requirePublisher: (headers: IncomingHttpHeaders) => void;
}

const { minuteMin, minuteMax, textMin, textMax } = COMMENTARY_LIMITS;
const PAGE = { min: 1, max: 100, default: 20 } as const;

const integer = (minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, description: `an integer from ${minimum} to ${maximum}` });

const PARAMS = Type.Object({ matchId: integer(1, MAX_MATCH_ID) });

const DRAFT = Type.Object(
  {
    minute: integer(minuteMin, minuteMax),
    text: Type.String({
      minLength: textMin,
      maxLength: textMax,
      description: `a string of ${textMin} to ${textMax} characters`,
    }),
  },
  { description: 'a JSON object with minute and text' },
);

const QUERY = Type.Object({
  limit: Type.Optional(integer(PAGE.min, PAGE.max)),
  before: Type.Optional(integer(1, Number.MAX_SAFE_INTEGER)),
});

export const COMMENTARY_ROUTE = '/matches/:matchId/commentary';

/** Adds `POST` and `GET /matches/:matchId/commentary`. */
export function registerMatchRoutes(
  app: FastifyInstance,
  { matches, requirePublisher }: MatchRouteOptions,
): void {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.post(
    COMMENTARY_ROUTE,
    {
      schema: { params: PARAMS, body: DRAFT },
      onRequest: async (request) => requirePublisher(request.headers),
    },
    async (request, reply) => {
      const stored = matches.publish(request.params.matchId, request.body);
      return reply.code(201).send(stored);
    },
  );
  typed.get(COMMENTARY_ROUTE, { schema: { params: PARAMS, querystring: QUERY } }, async (request) => {
    const { limit = PAGE.default, before = Number.MAX_SAFE_INTEGER } = request.query;
    return matches.page(request.params.matchId, { limit, before });
  });
}
