/** `npm start`: environment → configuration → server → signals. Ends by closing everything, never by process.exit. */

import { type Logger, pino } from 'pino';
import { type ConfigResult, formatProblem, readConfig, type ServerConfig } from './config.ts';
import { formatFault } from './faults/fault-catalogue.ts';
import { type AdminToken, createAdminToken } from './observability/admin-token.ts';
import type { ServerListening } from './protocol/process-messages.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import { startServer, type TouchlineServer } from './server.ts';
import { readDescriptorLimit } from './transport/file-descriptors.ts';

const EXIT = { drained: 0, cut: 1, configInvalid: 2, startFailed: 3 } as const;

const [stray] = process.argv.slice(2);
const config: ConfigResult = readConfig(process.env);
if (stray !== undefined) {
  const expected =
    'expected no arguments, for every setting is an environment variable, as in PORT=8080 npm start';
  console.error(`TL_CONFIG_INVALID: ${expected}; received ${stray}`);
  process.exitCode = EXIT.configInvalid;
} else if (config.ok) {
  await run(config.config);
} else {
  for (const problem of config.problems) console.error(formatProblem(problem));
  process.exitCode = EXIT.configInvalid;
}

async function run(serverConfig: ServerConfig): Promise<void> {
  const { settings } = serverConfig;
  const log: Logger = pino({ level: settings.LOG_LEVEL });
  const isTty = process.stdout.isTTY === true;
  const token = await createAdminToken({ configured: settings.ADMIN_TOKEN ?? undefined, isTty });
  try {
    const server = await startServer(serverConfig, {
      adminToken: token.value,
      onDefect: (error) => log.error({ err: error, code: 'TL_INTERNAL' }, 'defect'),
      ...(log.isLevelEnabled('info') ? { print: (line: string) => console.log(line) } : {}),
    });
    announce(serverConfig, server, { log, token });
    stopOnSignals(server, { log, token });
    tellParent(server);
  } catch (error) {
    await token.remove();
    if (!(error instanceof TouchlineError)) throw error;
    console.error(`${error.code} ${error.message}`);
    process.exitCode = EXIT.startFailed;
  }
}

interface Console {
  readonly log: Logger;
  readonly token: AdminToken;
}

function announce(
  { faults, settings }: ServerConfig,
  server: TouchlineServer,
  { log, token }: Console,
): void {
  const { wsUrl, httpUrl, adminUrl, maxConnections } = server;
  const { ENGINE: engine } = settings;
  const { hardLimit } = readDescriptorLimit();
  log.info(
    { wsUrl, httpUrl, adminUrl, engine },
    `listening on ${httpUrl} and ${wsUrl}; metrics on ${adminUrl}/metrics`,
  );
  log.info(
    { maxConnections, hardLimit },
    `takes up to ${maxConnections} connections; the hard limit on open files is ${hardLimit ?? 'unknown'}`,
  );
  if (token.source.kind === 'print') console.log(`admin token, for this run only: ${token.value}`);
  if (token.source.kind === 'file') log.info({ path: token.source.path }, 'the admin token is in this file');
  if (faults.length > 0) {
    const names = faults.map(formatFault);
    log.warn({ faults: names }, `FAULTS ARE ON: ${names.join(', ')}. This server misbehaves on purpose.`);
  }
}

/** The first signal drains, the second cuts. So does a parent that goes away. */
function stopOnSignals(server: TouchlineServer, { log, token }: Console): void {
  let asked = false;
  const stop = (signal: string) => {
    if (asked) {
      log.warn({ signal }, 'asked again: cutting what is left');
      server.cutNow();
      return;
    }
    asked = true;
    log.info({ signal }, 'draining');
    void server.stop().then(async ({ closed, cut }) => {
      await token.remove();
      log.info({ closed, cut }, 'drained');
      process.exitCode = cut > 0 ? EXIT.cut : EXIT.drained;
      process.off('SIGTERM', stop).off('SIGINT', stop).off('disconnect', onDisconnect);
    });
  };
  const onDisconnect = () => stop('disconnect');
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (process.send !== undefined) process.on('disconnect', onDisconnect);
}

/** A parent that started us with a channel learns where we listen. The channel does not keep us alive. */
function tellParent({ wsUrl, httpUrl, adminUrl }: TouchlineServer): void {
  if (process.send === undefined) return;
  const message: ServerListening = { type: 'listening', pid: process.pid, wsUrl, httpUrl, adminUrl };
  // A parent that is gone already is told of by 'disconnect'.
  process.send(message, undefined, {}, () => {});
  process.channel?.unref();
}
