/** Grafana's surroundings for one session: loopback, the provisioned data source and boards, and nobody to log in as. */

import { join } from 'node:path';

/** Below the project's folder. */
const BOARDS_FOLDER = join('dashboards', 'json');
const PROVISIONING_FOLDER = join('dashboards', 'provisioning', 'grafana');
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
  readonly projectFolder: string;
  readonly prometheusUrl: string;
}

/**
 * As docker-compose.yml has it; a test holds the two together.
 *
 * @see https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#override-configuration-with-environment-variables
 */
export function grafanaEnvironment(options: GrafanaOptions): Record<string, string> {
  const { port, folder, projectFolder, prometheusUrl } = options;
  const boards = join(projectFolder, BOARDS_FOLDER);
  return {
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_DATA: join(folder, 'grafana'),
    GF_PATHS_LOGS: join(folder, 'grafana', 'logs'),
    GF_PATHS_PLUGINS: join(folder, 'grafana', 'plugins'),
    GF_PATHS_PROVISIONING: join(projectFolder, PROVISIONING_FOLDER),
    // Read by the provisioned files.
    PROMETHEUS_URL: prometheusUrl,
    TOUCHLINE_BOARDS: boards,
    GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    GF_AUTH_DISABLE_LOGIN_FORM: 'true',
    GF_AUTH_BASIC_ENABLED: 'false',
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(boards, HOME_BOARD),
    GF_DASHBOARDS_MIN_REFRESH_INTERVAL: '1s',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_SNAPSHOTS_EXTERNAL_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  };
}
