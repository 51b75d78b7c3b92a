/** What `npm run observe` prints once everything answers. */

export interface Addresses {
  readonly wsUrl: string;
  readonly httpUrl: string;
  readonly adminUrl: string;
  readonly prometheusUrl: string | undefined;
  readonly grafanaUrl: string | undefined;
}

const INSTALL_PROMETHEUS =
  'Prometheus is not installed: apt-get install prometheus (Debian, Ubuntu), brew install prometheus (macOS), or https://prometheus.io/download/.';

/** One line for each thing to open. */
export function addressTable({ wsUrl, httpUrl, adminUrl, prometheusUrl, grafanaUrl }: Addresses): string {
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['live', `${adminUrl}/live`, 'key panels, once a second'],
    ['server', wsUrl, `publish at ${httpUrl}`],
    ['metrics', `${adminUrl}/metrics`, 'of the server'],
    ['Prometheus', prometheusUrl, 'scrapes once a second'],
    ['Grafana', grafanaUrl, 'our boards, nobody has to log in'],
  ];
  const shown = rows.flatMap(([name, url, note]) => (url === undefined ? [] : [[name, url, note] as const]));
  const width = (column: 0 | 1) => Math.max(...shown.map((row) => row[column].length));
  const lines = shown.map(
    ([name, url, note]) => `  ${name.padEnd(width(0))}  ${url.padEnd(width(1))}  ${note}`,
  );
  return ['', ...lines, ''].join('\n');
}

export interface Missing {
  readonly prometheusUrl: string | undefined;
  readonly grafanaUrl: string | undefined;
  readonly liveUrl: string;
}

/** What is not here and what to do about it, and what to do next. */
export function missingText({ prometheusUrl, grafanaUrl, liveUrl }: Missing): string {
  const sentences = [
    ...(prometheusUrl === undefined ? [`${INSTALL_PROMETHEUS} ${liveUrl} works without it.`] : []),
    ...(prometheusUrl !== undefined && grafanaUrl === undefined
      ? [`Grafana is not installed; ${liveUrl} shows the same key panels without it.`]
      : []),
    'Now run npm run profile:concurrency in another terminal. Ctrl-C stops everything.',
  ];
  return sentences.join('\n');
}
