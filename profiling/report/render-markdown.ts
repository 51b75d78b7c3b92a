/** A report as Markdown, with its charts as SVG files beside it. */

import { NOT_AVAILABLE } from '../verdict/quantities.ts';
import type { Finding } from '../verdict/verdict.ts';
import {
  type Block,
  BOARD_WORDS,
  type Cell,
  type Column,
  type Inline,
  type ReportDocument,
  type RichText,
} from './report-document.ts';

/** Where a chart's SVG file is, relative to the Markdown file. */
export type ChartHref = (chartName: string) => string;

const VERDICT_MARKS = { pass: '✅', fail: '❌', inconclusive: '⚠️' } as const;

/** Renders GitHub-flavoured Markdown; text from the run is escaped. */
export function renderMarkdown(report: ReportDocument, chartHref: ChartHref): string {
  const lines = [
    `# ${plain(report.title)}`,
    ...report.warnings.map((warning) => `> ⚠️ **${rich(warning)}**`),
    `${VERDICT_MARKS[report.verdict]} **${plain(report.sentence)}**`,
    ...detailList(report),
    plain(report.subtitle),
    ...(report.board === undefined
      ? []
      : [rich([BOARD_WORDS, { link: 'the run on the dashboard', href: report.board }])]),
    ...report.sections.flatMap((section) => [
      `## ${plain(section.title)}`,
      ...section.blocks.flatMap((block) => renderBlock(block, chartHref)),
    ]),
  ];
  return `${lines.join('\n\n')}\n`;
}

function detailList({ details = [] }: ReportDocument): readonly string[] {
  if (details.length === 0) return [];
  return [details.map(({ label, text }) => `- ${plain(label)}: **${plain(text)}**`).join('\n')];
}

function renderBlock(block: Block, chartHref: ChartHref): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return [block.tone === 'muted' ? `_${rich(block.text)}_` : rich(block.text)];
    case 'heading':
      return [`### ${plain(block.text)}`];
    case 'table':
      return [table(block.columns, block.rows)];
    case 'list':
      return [block.items.map((item) => `- ${rich(item)}`).join('\n')];
    case 'charts':
      return block.charts.flatMap((chart) => [
        `### ${plain(chart.title)}`,
        `![${plain(chart.alt)}](${chartHref(chart.name)})`,
      ]);
    case 'findings':
      return block.findings.map(finding);
    case 'command':
      return [`\`\`\`sh\n${block.text}\n\`\`\``];
  }
}

function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const head = `| ${columns.map((column) => plain(column.title)).join(' | ')} |`;
  const rule = `| ${columns.map((column) => (column.align === 'right' ? '--:' : '---')).join(' | ')} |`;
  const body = rows.map((row) => `| ${row.map(tableCell).join(' | ')} |`);
  return [head, rule, ...body].join('\n');
}

/** What is wrong is bold, since Markdown has no colours. */
function tableCell({ text, tone }: Cell): string {
  const said = rich(text);
  return tone === 'bad' && said !== '' && said !== NOT_AVAILABLE ? `**${said}**` : said;
}

function finding({ title, seen, where, todo }: Finding): string {
  return [
    `### ${plain(title)}`,
    `- **Seen:** ${plain(seen)}\n- **Where:** ${plain(where)}\n- **What to do:** ${plain(todo)}`,
  ].join('\n\n');
}

function rich(text: RichText): string {
  return typeof text === 'string' ? plain(text) : text.map(inline).join('');
}

function inline(part: Inline): string {
  if (typeof part === 'string') return plain(part);
  if ('strong' in part) return `**${plain(part.strong)}**`;
  if ('link' in part)
    return `[${plain(part.link)}](${encodeURI(part.href).replaceAll('(', '%28').replaceAll(')', '%29')})`;
  return `\`${part.code.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}\``;
}

/** Makes text from outside plain: no markup, no HTML, no table cell, no line of its own. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*[\]|]/g, '\\$&')
    .replaceAll(/(?<!\w)_|_(?!\w)/g, '\\_')
    .replaceAll(/<(?=[a-zA-Z/!?])/g, '\\<');
}
