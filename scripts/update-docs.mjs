/**
 * Writes the tables of README.md from the code (`npm run docs:update`), or with --check fails when they are stale.
 * A table stands between `<!-- generated:NAME -->` and `<!-- /generated -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { EXIT_CODES } from '../dist/profiling/cli/exit-codes.js';
import { renderOptionsTable } from '../dist/profiling/cli/options/options.js';
import { LOAD_METRIC_CATALOGUE } from '../dist/profiling/live/load-metric-catalogue.js';
import { formatLimit, THRESHOLDS } from '../dist/profiling/verdict/thresholds.js';
import { FAULT_CATALOGUE, formatFault } from '../dist/server/faults/fault-catalogue.js';
import { METRIC_CATALOGUE } from '../dist/server/observability/metric-catalogue.js';
import { TOUCHLINE_ERRORS } from '../dist/server/protocol/touchline-error.js';
import { SETTINGS } from '../dist/server/settings.js';

const TABLES = {
  options: renderOptionsTable(),
  'exit-codes': table(
    ['code', 'name', 'when'],
    Object.entries(EXIT_CODES).map(([name, { code, when }]) => [String(code), name, when]),
  ),
  thresholds: table(
    ['`--threshold`', 'of', 'default', 'what it limits'],
    Object.entries(THRESHOLDS).map(([name, { limit, scenarios, help }]) => [
      `\`${name}\``,
      scenarios.join(', '),
      formatLimit(name, limit),
      help,
    ]),
  ),
  faults: table(
    ['`--fault`', 'what it does'],
    Object.entries(FAULT_CATALOGUE).map(([name, { defaultValue, help }]) => [
      `\`${formatFault({ name, value: defaultValue })}\``,
      help,
    ]),
  ),
  settings: table(
    ['variable', 'default', 'unit', 'expected', 'what it sets'],
    Object.entries(SETTINGS).map(([name, { defaultText, unit, range, help }]) => [
      `\`${name}\``,
      defaultText,
      unit,
      range,
      help,
    ]),
  ),
  metrics: metricsTable(METRIC_CATALOGUE),
  'load-metrics': metricsTable(LOAD_METRIC_CATALOGUE),
  errors: table(
    ['code', 'what it means'],
    Object.entries(TOUCHLINE_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ),
};

const file = new URL('../README.md', import.meta.url);
const current = readFileSync(file, 'utf8');
const updated = Object.entries(TABLES).reduce(fill, current);

if (!process.argv.includes('--check')) writeFileSync(file, updated);
else if (updated !== current) {
  console.error('README.md does not match the code: run npm run docs:update');
  process.exitCode = 1;
} else console.log(`README.md: ${Object.keys(TABLES).length} generated tables match the code`);

function fill(text, [name, content]) {
  const place = new RegExp(`(<!-- generated:${name} -->\\n)[\\s\\S]*?(<!-- /generated -->)`);
  if (!place.test(text)) throw new Error(`README.md has no place for the table "${name}"`);
  return text.replace(place, (_, start, end) => `${start}\n${content}\n${end}`);
}

function metricsTable(catalogue) {
  return table(
    ['metric', 'type', 'unit', 'labels', 'what it tells'],
    Object.entries(catalogue).map(([name, { type, unit, labels, help }]) => [
      `\`${name}\``,
      type,
      unit,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ]),
  );
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n').concat('\n');
}
