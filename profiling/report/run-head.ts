/** The lines above every report, whatever its scenario. */

import { listensElsewhere } from '../record/attached-process.ts';
import type { RunRecord } from '../record/run-record.ts';
import { formatDuration, formatInstant } from './format.ts';
import { npmScriptOf } from './npm-script.ts';
import { code, type RichText } from './report-document.ts';

/** When, how long, with what, in one line. */
export function runSubtitle(record: RunRecord): string {
  const took = formatDuration(Math.max(0, record.finishedAt - record.startedAt));
  const how = record.quick ? `${record.scenario}, quick` : record.scenario;
  return `${how} · ${formatInstant(record.startedAt)} · took ${took} · ${record.environment.cores} cores, Node ${record.environment.node.replace(/^v/, '')}`;
}

/** What must not be overlooked: a tool that the server ran under, faults that are on, an early end. */
export function runWarnings(record: RunRecord): readonly RichText[] {
  return [...toolWarnings(record), ...otherWarnings(record)];
}

/** @returns what a tool means for the figures and the verdict; nothing where the server ran by itself */
export function toolWords({ tool, scenario }: RunRecord): readonly string[] {
  if (tool === undefined) return [];
  return [
    `The server ran under ${tool.title}. ${tool.cost} The verdict is one on both together, for information: npm run ${npmScriptOf(scenario)} judges the server alone.`,
  ];
}

function toolWarnings(record: RunRecord): readonly RichText[] {
  const { tool } = record;
  if (tool === undefined) return [];
  const { title, failure } = tool;
  const ran = toolWords(record);
  return failure === null ? ran : [...ran, `${title} left no result: ${failure.split('\n', 1)[0]}`];
}

function otherWarnings(record: RunRecord): readonly RichText[] {
  const faults = record.faults.flatMap((fault, index) => [index === 0 ? '' : ', ', code(fault)]);
  const faulty: readonly RichText[] =
    faults.length === 0
      ? []
      : [
          [
            'Faults are switched on in this server: ',
            ...faults,
            '. It is meant to misbehave; this is no profile of it.',
          ],
        ];
  const { outcome, target } = record;
  const elsewhere = target.attached === undefined ? null : listensElsewhere(target.attached);
  const known = elsewhere === null ? faulty : [...faulty, elsewhere];
  if (outcome.state === 'completed') return known;
  const word = outcome.state === 'interrupted' ? 'interrupted' : `aborted (${outcome.code})`;
  return [...known, `This run was ${word}: ${outcome.message}. What was measured until then follows.`];
}
