/** What a status says, which limit of the server it names, and what to do about it. */

interface Advice {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
}

/** By status; limits of the reference server are named as its settings are. */
const ADVICE: Readonly<Record<number, Advice>> = {
  401: {
    title: 'The server wants a token',
    where:
      'server/publisher-access.ts: bound to another address than loopback, publishing needs API_TOKEN or ADMIN_TOKEN',
    todo: 'Give the token with --api-token.',
  },
  403: {
    title: 'The server refuses the name it is asked under',
    where: 'the Host header: an IP address, localhost, HOST or one of ALLOWED_HOSTS is expected',
    todo: 'Ask for it under a name that it takes, or add the name to ALLOWED_HOSTS.',
  },
  404: {
    title: 'The server has no such path',
    where: 'the path that was asked for',
    todo: 'Correct --paths or the path in --url.',
  },
  405: {
    title: 'The path takes another method',
    where: 'the path that was asked for: --paths are asked for with GET',
    todo: 'Leave the path out.',
  },
  408: {
    title: 'The server did not wait for the whole request',
    where: 'its limits for headers (10 s) and a whole request (30 s)',
    todo: 'Look whether the load side or the network stalls.',
  },
  413: {
    title: 'The body is larger than the server takes',
    where: 'MAX_PAYLOAD_BYTES, the limit of a body',
    todo: 'Raise MAX_PAYLOAD_BYTES, if it is meant to take such bodies.',
  },
  429: {
    title: 'The server limits the rate or the connections of one address',
    where: 'a limit for each client address; of the reference server MAX_CONNECTIONS_PER_IP',
    todo: 'Raise the limit for the measurement, or ask with fewer connections: what was measured is the limit, not the server.',
  },
  503: {
    title: 'The server says that it cannot serve now',
    where:
      'readiness: draining, or a loop delay above 1 s for 10 s (the reasons are in the answer); or its limit of connections, MAX_CONNECTIONS',
    todo: 'Look at the loop delay of the server under this load; ask with fewer connections.',
  },
};

const REDIRECT: Advice = {
  title: 'The server sends to another address',
  where: 'the Location header; redirects are not followed',
  todo: 'Ask for the address it names.',
};
const CLIENT: Advice = {
  title: 'The server refuses the request',
  where: 'the answer says why',
  todo: 'Correct what is asked for.',
};
const SERVER: Advice = {
  title: 'The server failed',
  where: "the server's log at that time",
  todo: 'Find the error there; a server that fails under load has a limit there.',
};

export function adviceOn(status: number): Advice {
  const known = ADVICE[status];
  if (known !== undefined) return known;
  if (status < 400) return REDIRECT;
  return status < 500 ? CLIENT : SERVER;
}
