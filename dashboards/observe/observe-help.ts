/** The words of `npm run observe`: what may be asked, and what is answered. */

export const HELP = `npm run observe

Starts the server with its defaults, Prometheus where it is installed, and Grafana where it is
installed, prints where each is found, and stops all of them on Ctrl-C.

Nothing else is needed to look on: /live on the server's admin port shows the key panels.
Run npm run profile:concurrency in another terminal: its server and its load show up by themselves.

Options
  --help   this text

Settings of the server come from the environment, as for npm start:
  PORT=8000 ADMIN_PORT=9464 npm run observe

Everything listens on loopback only. Prometheus takes port 9090 or the next free one, Grafana 3000
or the next free one; their data lie in a temporary folder that is removed at the end.

Exit codes: 0 stopped by Ctrl-C or SIGTERM · 1 something did not start or ended by itself · 2 usage
`;

export type Asked =
  | { readonly kind: 'run' }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problems: readonly string[] };

/** @param argv words after the script's name */
export function readArgv(argv: readonly string[]): Asked {
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'help' };
  if (argv.length === 0) return { kind: 'run' };
  const problems = argv.map((word) =>
    word.startsWith('-')
      ? `unknown option ${word}`
      : `expected no arguments, for every setting is an environment variable; received ${word}`,
  );
  return { kind: 'usage', problems };
}
