/** Under what circumstances: faults, overrides, limits that were changed, environment, and how to repeat it. */

import type { RunEnvelope } from '../../record/run-envelope.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import { formatLimit, THRESHOLD_NAMES } from '../../verdict/thresholds.ts';
import { type Block, cell, code, type RichText, type Section } from '../report-document.ts';

export function settingsSection(record: RunEnvelope): Section {
  const items: readonly RichText[] = [
    ...record.faults.map((fault): RichText => ['Fault switched on: ', code(fault)]),
    ...record.overrides.map(
      ({ name, value, why }): RichText => [
        'Server setting changed for this run: ',
        code(`${name}=${value}`),
        ` (${why})`,
      ],
    ),
    ...THRESHOLD_NAMES.flatMap((name): readonly RichText[] => {
      const limit = record.thresholds[name];
      return limit === undefined ? [] : [['Limit changed: ', code(name), ` ${formatLimit(name, limit)}`]];
    }),
  ];
  const none: Block = {
    kind: 'paragraph',
    text: 'No fault was on, no server setting was changed, and every limit is the default.',
  };
  return {
    id: 'settings',
    title: 'Faults and settings',
    blocks: [items.length === 0 ? none : { kind: 'list', items }],
  };
}

export function environmentSection({ environment, ...record }: RunEnvelope): Section {
  const { dependencies } = environment;
  const rows: readonly (readonly [string, string])[] = [
    ['Node, V8', `${environment.node}, ${environment.v8}`],
    [
      'Machine',
      `${environment.cpuModel}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}`,
    ],
    ['System', `${environment.platform}, kernel ${environment.kernel}`],
    [
      'Limits',
      `${formatCount(environment.fdLimit)} file descriptors, local ports ${environment.localPortRange ?? 'n/a'}`,
    ],
    ['Load average at the start', environment.loadAverage.map((load) => load.toFixed(2)).join(', ')],
    ['touchline', `${environment.touchlineVersion}, commit ${environment.gitCommit ?? 'unknown'}`],
    [
      'Packages',
      Object.entries(dependencies)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Store', environment.store],
    ['Seed', String(record.seed)],
    [
      'Options',
      Object.entries(record.options)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(', '),
    ],
    ['Run', record.runId],
  ];
  return {
    id: 'environment',
    title: 'Environment',
    blocks: [
      {
        kind: 'table',
        columns: [{ title: 'What' }, { title: 'Value' }],
        rows: rows.map(([what, value]) => [cell(what), cell(value)]),
      },
    ],
  };
}

export function repeatSection(record: RunEnvelope): Section {
  return {
    id: 'repeat',
    title: 'Repeat it',
    blocks: [
      { kind: 'command', text: record.command },
      {
        kind: 'paragraph',
        text: ['Judge and render the recorded run again: ', code('npm run report -- run.json')],
      },
    ],
  };
}
