/** Prometheus' configuration and command line for one session on this machine. */

import { join } from 'node:path';

/** Below the project's folder; where it is missing, Prometheus runs without rules. */
export const RULES_FOLDER = join('dashboards', 'provisioning', 'prometheus', 'rules');

export interface PrometheusConfigOptions {
  /** Host and port of the server's admin port. */
  readonly server: string;
  /** Where runs write their targets; absolute. */
  readonly targetsFolder: string;
  /** Absolute; absent when there are no rules. */
  readonly rulesFolder?: string;
}

/**
 * The configuration as JSON, which is YAML too, so that no path needs quoting rules of its own.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
export function prometheusConfig({ server, targetsFolder, rulesFolder }: PrometheusConfigOptions): string {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    ...(rulesFolder === undefined ? {} : { rule_files: [join(rulesFolder, '*.yml')] }),
    scrape_configs: [
      { job_name: 'touchline-server', static_configs: [{ targets: [server] }] },
      {
        // Each file names the job of its targets.
        job_name: 'touchline-runs',
        file_sd_configs: [{ files: [join(targetsFolder, '*.json')], refresh_interval: '1s' }],
      },
    ],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** @param folder takes the data, and has the configuration */
export function prometheusArgs(folder: string, port: number): readonly string[] {
  return [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--enable-feature=exemplar-storage',
    '--log.level=warn',
  ];
}
