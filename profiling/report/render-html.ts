/** A report as one HTML file: its style and charts stand inside, it needs no script and fetches nothing. */

import type { Finding, VerdictWord } from '../verdict/verdict.ts';
import type { Chart } from './charts/chart.ts';
import { PAGE_STYLE } from './page-style.ts';
import {
  type Block,
  BOARD_WORDS,
  type Cell,
  type Column,
  type Inline,
  type KeyFigure,
  type ReportDocument,
  type RichText,
} from './report-document.ts';

/** Forbids every request, in case text from a run should ever slip through as markup. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const VERDICT_MARKS: Readonly<Record<VerdictWord, string>> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** Renders the page; text from the run is escaped. */
export function renderHtml(report: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(report.title)}: ${text(report.verdict)}</title>
<style>
${PAGE_STYLE}
</style>
</head>
<body>
<main>
${head(report)}
${report.sections
  .map(
    (section) =>
      `<section id="${section.id}">\n<h2>${text(section.title)}</h2>\n${section.blocks.map(renderBlock).join('\n')}\n</section>`,
  )
  .join('\n')}
<footer>Made by touchline from run.json; nothing on this page is fetched from anywhere.</footer>
</main>
</body>
</html>
`;
}

function head(report: ReportDocument): string {
  const [word = '', ...rest] = report.sentence.split(':');
  const warnings = report.warnings.map((warning) => `<p class="warning" role="note">⚠ ${rich(warning)}</p>`);
  const links = report.sections.map((section) => `<a href="#${section.id}">${text(section.title)}</a>`);
  return [
    `<h1>${text(report.title)}</h1>`,
    ...warnings,
    `<div class="verdict ${report.verdict}">`,
    `<p class="sentence"><span class="word">${VERDICT_MARKS[report.verdict]} ${text(word)}</span>${rest.length === 0 ? '' : `:${text(rest.join(':'))}`}</p>`,
    ...detailList(report),
    `<p class="subtitle">${text(report.subtitle)}</p>`,
    ...(report.board === undefined
      ? []
      : [
          `<p class="subtitle">${rich([BOARD_WORDS, { link: 'the run on the dashboard', href: report.board }])}</p>`,
        ]),
    '</div>',
    report.keyFigures.length === 0
      ? ''
      : `<dl class="figures">\n${report.keyFigures.map(keyFigure).join('\n')}\n</dl>`,
    `<nav aria-label="Sections">${links.join('\n')}</nav>`,
  ].join('\n');
}

function detailList({ details = [] }: ReportDocument): readonly string[] {
  if (details.length === 0) return [];
  const rows = details.map(({ label, text: said }) => `<dt>${text(label)}</dt><dd>${text(said)}</dd>`);
  return [`<dl class="details">\n${rows.join('\n')}\n</dl>`];
}

function keyFigure({ value, label, tone }: KeyFigure): string {
  return `<div><dt>${text(label)}</dt><dd${classes(tone)}>${text(value)}</dd></div>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p${classes(block.tone)}>${rich(block.text)}</p>`;
    case 'heading':
      return `<h3>${text(block.text)}</h3>`;
    case 'table':
      return table(block.columns, block.rows);
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${rich(item)}</li>`).join('\n')}\n</ul>`;
    case 'charts':
      return `<div class="charts">\n${block.charts.map(figure).join('\n')}\n</div>`;
    case 'findings':
      return block.findings.map(finding).join('\n');
    case 'command':
      return `<pre><code>${text(block.text)}</code></pre>`;
  }
}

function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const head = columns.map((column) => `<th scope="col"${classes(column.align)}>${text(column.title)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map(
      (entry, index) => `<td${cellClasses(entry, columns[index])}>${rich(entry.text)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table" tabindex="0"><table>\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`;
}

/** A verdict word gets a mark beside its colour. */
function cellClasses({ tone }: Cell, column: Column | undefined): string {
  const word = column?.title === 'Verdict' ? 'word' : undefined;
  return classes(column?.align, tone, word);
}

function figure(chart: Chart): string {
  return `<figure id="chart-${chart.name}"><figcaption>${text(chart.title)}</figcaption>
<div class="wide">${chart.inlineSvg}</div>
<div class="narrow">${chart.narrowSvg}</div></figure>`;
}

function finding({ title, seen, where, todo }: Finding): string {
  return `<div class="finding"><h3>${text(title)}</h3><dl>
<dt>Seen</dt><dd>${text(seen)}</dd>
<dt>Where</dt><dd>${text(where)}</dd>
<dt>What to do</dt><dd>${text(todo)}</dd>
</dl></div>`;
}

function rich(content: RichText): string {
  return typeof content === 'string' ? text(content) : content.map(inline).join('');
}

function inline(part: Inline): string {
  if (typeof part === 'string') return text(part);
  if ('strong' in part) return `<strong>${text(part.strong)}</strong>`;
  if ('link' in part) return `<a href="${text(encodeURI(part.href))}">${text(part.link)}</a>`;
  return `<code>${text(part.code)}</code>`;
}

function classes(...names: readonly (string | undefined)[]): string {
  const given = names.filter((name) => name !== undefined);
  return given.length === 0 ? '' : ` class="${given.join(' ')}"`;
}

function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
