/** Grafana's surroundings for one session: loopback, our data source and boards, and nobody has to log in. */

import { join } from 'node:path';

/** Generated boards, below the project's folder. */
export const BOARDS_FOLDER = join('dashboards', 'json');
const HOME_BOARD = 'touchline-overview.json';
/** Where packages put what Grafana needs beside its program. */
export const GRAFANA_HOMES = [
  '/usr/share/grafana',
  '/usr/local/share/grafana',
  '/opt/homebrew/share/grafana',
];

export interface GrafanaOptions {
  readonly port: number;
  /** Temporary. */
  readonly folder: string;
  /** Absolute folder of the boards. */
  readonly boardsFolder: string;
}

/** @see https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#override-configuration-with-environment-variables */
export function grafanaEnvironment({ port, folder, boardsFolder }: GrafanaOptions): Record<string, string> {
  return {
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_DATA: join(folder, 'grafana'),
    GF_PATHS_LOGS: join(folder, 'grafana', 'logs'),
    GF_PATHS_PLUGINS: join(folder, 'grafana', 'plugins'),
    GF_PATHS_PROVISIONING: join(folder, 'provisioning'),
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_DASHBOARDS_MIN_REFRESH_INTERVAL: '1s',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(boardsFolder, HOME_BOARD),
  };
}

/**
 * Files below the provisioning folder, by their path.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
export function grafanaFiles(prometheusUrl: string, boardsFolder: string): ReadonlyMap<string, string> {
  const source = {
    name: 'Prometheus',
    uid: 'prometheus',
    type: 'prometheus',
    access: 'proxy',
    url: prometheusUrl,
    isDefault: true,
    editable: false,
    jsonData: { httpMethod: 'POST', timeInterval: '1s', prometheusType: 'Prometheus' },
  };
  const provider = {
    name: 'touchline',
    folder: 'Touchline',
    folderUid: 'touchline',
    type: 'file',
    disableDeletion: true,
    allowUiUpdates: false,
    // Grafana puts the environment's values in place of words that begin with a dollar sign.
    options: { path: boardsFolder.replaceAll('$', '$$$$') },
  };
  return new Map([
    ['datasources/prometheus.yml', asYaml({ apiVersion: 1, datasources: [source] })],
    ['dashboards/touchline.yml', asYaml({ apiVersion: 1, providers: [provider] })],
  ]);
}

/** JSON is YAML, too. */
function asYaml(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
