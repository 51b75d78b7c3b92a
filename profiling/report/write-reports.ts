/** Writes a run's files: the only place here that touches the disk. */

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { RunRecord, ScenarioName } from '../record/run-record.ts';
import type { Chart } from './charts/chart.ts';
import { rebaseLinks } from './rebase-links.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { ReportDocument } from './report-document.ts';

export interface ReportJob {
  readonly record: RunRecord;
  readonly report: ReportDocument;
  /** `reports/<run-id>`; is made when it is not there. */
  readonly runFolder: string;
  /** Holds the newest report of each scenario, under a fixed name; undefined leaves the newest ones alone. */
  readonly latestFolder: string | undefined;
}

/** Paths as the caller gave the folders. */
export interface ReportFiles {
  readonly runFile: string;
  readonly reportFile: string;
  readonly htmlFile: string;
}

/** Name of a scenario's newest report, without its ending. */
export const LATEST_NAMES: Readonly<Record<ScenarioName, string>> = {
  concurrency: 'websocket-profile',
  broadcast: 'broadcast-profile',
  memory: 'memory-analysis',
  churn: 'churn-profile',
  overhead: 'overhead-profile',
  firehose: 'firehose-profile',
};

/**
 * Writes run.json first, so that what was measured is kept whatever happens next, then report.md, report.html and
 * the charts, and the same again as the newest report of the scenario. Each file is whole or not there.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE` naming the file
 */
export async function writeReports(job: ReportJob): Promise<ReportFiles> {
  const runFile = join(job.runFolder, 'run.json');
  await writeWhole(runFile, `${JSON.stringify(job.record, null, 1)}\n`);
  const { report } = job;
  const files = await writeReport(report, { folder: job.runFolder, name: 'report', chartPrefix: '' });
  if (job.latestFolder !== undefined) {
    const base = relative(job.latestFolder, job.runFolder).split(sep).join('/');
    await writeLatest(rebaseLinks(report, base), job.latestFolder, job.record.scenario);
  }
  return { runFile, ...files };
}

async function writeLatest(report: ReportDocument, folder: string, scenario: ScenarioName): Promise<void> {
  const name = LATEST_NAMES[scenario];
  await removeCharts(folder, `${name}-`);
  await writeReport(report, { folder, name, chartPrefix: `${name}-` });
}

/** Writes SUMMARY.md and SUMMARY.html. @throws TouchlineError `TL_OUT_NOT_WRITABLE` naming the file */
export async function writeSummary(
  folder: string,
  { markdown, html }: { readonly markdown: ReportDocument; readonly html: ReportDocument },
): Promise<Pick<ReportFiles, 'reportFile' | 'htmlFile'>> {
  const reportFile = join(folder, 'SUMMARY.md');
  const htmlFile = join(folder, 'SUMMARY.html');
  await writeWhole(reportFile, renderMarkdown(markdown, noCharts));
  await writeWhole(htmlFile, renderHtml(html));
  return { reportFile, htmlFile };
}

/** Writes BASELINE.md. @returns its path. @throws TouchlineError `TL_OUT_NOT_WRITABLE` naming the file */
export async function writeBaseline(folder: string, report: ReportDocument): Promise<string> {
  const file = join(folder, 'BASELINE.md');
  await writeWhole(file, renderMarkdown(report, noCharts));
  return file;
}

/** Summary and baseline have none: the reports do. */
const noCharts = (chartName: string): string => `${chartName}.svg`;

interface Place {
  readonly folder: string;
  readonly name: string;
  readonly chartPrefix: string;
}

async function writeReport(report: ReportDocument, { folder, name, chartPrefix }: Place) {
  const reportFile = join(folder, `${name}.md`);
  const htmlFile = join(folder, `${name}.html`);
  const chartFile = (chartName: string): string => `${chartPrefix}${chartName}.svg`;
  for (const chart of chartsOf(report)) await writeWhole(join(folder, chartFile(chart.name)), chart.svg);
  await writeWhole(reportFile, renderMarkdown(report, chartFile));
  await writeWhole(htmlFile, renderHtml(report));
  return { reportFile, htmlFile };
}

function chartsOf(report: ReportDocument): readonly Chart[] {
  return report.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.kind === 'charts' ? block.charts : []));
}

/** An older run may have had charts that this one has not. */
async function removeCharts(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => name.startsWith(prefix) && name.endsWith('.svg'));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

/** Writes a file that is whole or not there. @throws TouchlineError `TL_OUT_NOT_WRITABLE` naming the file */
export async function writeWhole(file: string, content: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError('TL_OUT_NOT_WRITABLE', `expected to write ${file}; received ${why}`, { cause });
  }
}
