/** The look of report.html: light and dark, on a desk, on a phone and on paper. */

import { DARK_PALETTE, PALETTE, paletteVariables } from './charts/palette.ts';

const LIGHT = `--page: #f6f7f9; --paper: #ffffff; --ink: #1c2330; --soft: #5c6675; --line: #e2e6ec; --stripe: #f8f9fb;
  --good: #0a7a4b; --good-soft: #e4f5ec; --bad: #b3122f; --bad-soft: #fde8ec; --doubt: #8a5a00; --doubt-soft: #fdf2da;
  --code: #f0f2f6; ${paletteVariables(PALETTE)} color-scheme: light;`;

const DARK = `--page: #0e1116; --paper: #161b22; --ink: #e4e8ee; --soft: #98a2b1; --line: #2a313c; --stripe: #1a2029;
  --good: #4bd19a; --good-soft: #12281f; --bad: #ff8097; --bad-soft: #331720; --doubt: #eebc5c; --doubt-soft: #30260f;
  --code: #212834; ${paletteVariables(DARK_PALETTE)} color-scheme: dark;`;

const LAYOUT = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 28px 20px 64px; }
h1 { font-size: .95rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; color: var(--soft); margin: 0 0 14px; }
h2 { font-size: 1.25rem; margin: 0 0 12px; line-height: 1.3; }
h3 { font-size: 1rem; margin: 22px 0 8px; }
p { margin: 8px 0; max-width: 78ch; overflow-wrap: anywhere; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px; margin: 18px 0 0; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
pre { margin: 10px 0; padding: 14px 16px; background: var(--code); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; }
ul { margin: 8px 0; padding-left: 1.2em; }
li { margin: 5px 0; max-width: 84ch; overflow-wrap: anywhere; }
.muted { color: var(--soft); font-size: .9rem; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.doubtful { color: var(--doubt); font-weight: 600; }`;

const HEAD = `
.verdict { border-left: 6px solid var(--tone); background: var(--tone-soft); border-radius: 12px; padding: 20px 24px; }
.verdict.pass { --tone: var(--good); --tone-soft: var(--good-soft); }
.verdict.fail { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.verdict.inconclusive { --tone: var(--doubt); --tone-soft: var(--doubt-soft); }
.verdict p { max-width: none; margin: 0; }
.verdict .sentence { font-size: 1.28rem; line-height: 1.4; font-weight: 550; }
.verdict .word { color: var(--tone); font-weight: 750; }
.verdict .details { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 12px 0 0; font-size: .95rem; }
.verdict .details dt { color: var(--soft); }
.verdict .details dd { margin: 0; overflow-wrap: anywhere; }
.verdict .subtitle { color: var(--soft); font-size: .9rem; margin-top: 8px; }
.warning { border: 2px solid var(--doubt); background: var(--doubt-soft); border-radius: 12px; padding: 12px 18px; margin: 0 0 14px; max-width: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 12px; margin: 16px 0 0; padding: 0; }
.figures > div { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.figures dd { margin: 0; font-size: 1.55rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figures dt { overflow-wrap: anywhere; color: var(--soft); font-size: .86rem; line-height: 1.35; margin-top: 4px; }
.figures > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
nav { margin: 16px 0 0; font-size: .9rem; display: flex; flex-wrap: wrap; gap: 4px 16px; }
nav a { color: var(--soft); }
td a { color: var(--chart-p50); }`;

const TABLES = `
.table { overflow-x: auto; margin: 8px -4px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 12px; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .8rem; line-height: 1.3; vertical-align: bottom; }
td code { overflow-wrap: break-word; }
tbody tr:nth-child(even) { background: var(--stripe); }
tbody tr:last-child td { border-bottom: 0; }
.right { text-align: right; white-space: nowrap; }
td.good::before { content: "\\2713\\00a0"; }
td.bad.word::before { content: "\\2717\\00a0"; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 26px 30px; }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; font-size: .95rem; margin: 0 0 8px; }
figure svg { display: block; width: 100%; height: auto; }
figure .narrow { display: none; }
.finding { border-top: 1px solid var(--line); padding: 14px 0 4px; }
.finding:first-of-type { border-top: 0; padding-top: 0; }
.finding h3 { margin: 0 0 6px; }
.finding dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; }
.finding dt { color: var(--soft); }
.finding dd { margin: 0; max-width: 84ch; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: .85rem; margin: 22px 4px 0; }`;

/** On a phone a table with words becomes a list of cards: no sideways scrolling for the first screen. */
const NARROW = `
@media (max-width: 640px) {
  main { padding: 16px 12px 40px; }
  section { padding: 16px 14px; }
  .verdict { padding: 16px; }
  .verdict .sentence { font-size: 1.1rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 8px; }
  .figures > div { padding: 10px 12px; }
  .figures dd { font-size: 1.2rem; }
  figure .wide { display: none; }
  figure .narrow { display: block; }
  .finding dl { grid-template-columns: 1fr; gap: 0; }
  .finding dd { margin-bottom: 8px; }
  th, td { padding: 6px 8px; }
  td:not(.right) { min-width: 11em; }
  #checks td { min-width: 0; }
  #checks table, #checks tbody { display: block; }
  #checks thead { display: none; }
  #checks tr { display: grid; grid-template-columns: 1fr auto auto; gap: 0 12px; padding: 9px 6px; border-bottom: 1px solid var(--line); }
  #checks td { border: 0; padding: 0; }
  #checks td:nth-child(1) { grid-column: 1 / 3; font-weight: 600; }
  #checks td:nth-child(2) { order: 3; grid-column: 2 / 4; color: var(--soft); }
  #checks td:nth-child(2)::before { content: "limit "; }
  #checks td:nth-child(3) { order: 2; grid-column: 1; text-align: left; }
  #checks td:nth-child(4) { order: 1; text-align: right; }
  #checks td:nth-child(5) { order: 4; grid-column: 1 / 4; color: var(--soft); }
}`;

const PRINT = `
@media print {
  body { background: #fff; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  section { border: 0; padding: 8px 0; break-inside: auto; }
  figure, tr, .finding, .verdict { break-inside: avoid; }
  .table { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding: 3px 6px; }
  .right { white-space: normal; }
  .charts { grid-template-columns: 1fr 1fr; }
}`;

/** One style sheet, to stand in the page. On paper it is always light. */
export const PAGE_STYLE = `:root { ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
${[LAYOUT, HEAD, TABLES, NARROW, PRINT].map((part) => part.trim()).join('\n')}`;
