/** Prometheus' configuration and command line for one session on this machine. */

import { join } from 'node:path';

/** Below the project's folder: the configuration that is committed, and its rules. */
export const PROMETHEUS_FOLDER = join('dashboards', 'provisioning', 'prometheus');
/** What stands there, and is different where a session says so. */
const DEFAULT_SERVER = '127.0.0.1:9464';
const DEFAULT_TARGETS = '../../../.touchline/targets/*.json';
const DEFAULT_RULES = 'rules/*.yml';

export interface PrometheusConfigOptions {
  /** The committed prometheus.yml. */
  readonly committed: string;
  /** Host and port of the server's admin port. */
  readonly server: string;
  /** Where runs write their targets; absolute. */
  readonly targetsFolder: string;
  /** Absolute. */
  readonly rulesFolder: string;
}

/**
 * The committed configuration with the addresses of this session.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
export function prometheusConfig(options: PrometheusConfigOptions): string {
  const { committed, server, targetsFolder, rulesFolder } = options;
  // JSON's strings are YAML's, too, so that no path needs quoting rules of its own.
  const replacements = [
    [`'${DEFAULT_SERVER}'`, JSON.stringify(server)],
    [asPattern(DEFAULT_SERVER), asPattern(server)],
    [`'${DEFAULT_TARGETS}'`, JSON.stringify(join(targetsFolder, '*.json'))],
    [DEFAULT_RULES, JSON.stringify(join(rulesFolder, '*.yml'))],
  ] as const;
  return replacements.reduce((text, [from, to]) => text.replace(from, () => to), committed);
}

/** As the relabelling has it that keeps a server from being scraped twice. */
function asPattern(address: string): string {
  return address.replaceAll('.', '\\.');
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
