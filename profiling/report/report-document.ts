/** A report as data: sections of blocks that Markdown and HTML both render, so the two always say the same. */

import type { Detail, Finding, VerdictWord } from '../verdict/verdict.ts';
import type { Chart } from './charts/chart.ts';

/** Text with code spans and emphasis; plain strings are escaped by the renderers. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  /** To another file, relative to this one. */
  | { readonly link: string; readonly href: string };
export type RichText = string | readonly Inline[];

/** What a cell or a note means; colour never says it alone. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'muted';

export interface Cell {
  readonly text: RichText;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align?: 'right';
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: RichText; readonly tone?: Tone }
  | { readonly kind: 'heading'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'list'; readonly items: readonly RichText[] }
  | { readonly kind: 'charts'; readonly charts: readonly Chart[] }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'command'; readonly text: string };

export interface Section {
  /** Anchor in the page. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A number for the first screen. */
export interface KeyFigure {
  readonly value: string;
  readonly label: string;
  readonly tone?: Tone;
}

export interface ReportDocument {
  readonly title: string;
  readonly verdict: VerdictWord;
  /** The verdict in one sentence. */
  readonly sentence: string;
  /** Under the sentence, a line each. */
  readonly details?: readonly Detail[];
  /** When, how long, with what, in one line. */
  readonly subtitle: string;
  /** Address of the run on the dashboard; absent in what tells of no single run. */
  readonly board?: string;
  /** Said before everything else: active faults, an interrupted run. */
  readonly warnings: readonly RichText[];
  readonly keyFigures: readonly KeyFigure[];
  readonly sections: readonly Section[];
}

export function cell(text: RichText, tone?: Tone): Cell {
  return tone === undefined ? { text } : { text, tone };
}

export function code(text: string): Inline {
  return { code: text };
}

export function link(text: string, href: string): Inline {
  return { link: text, href };
}

export function strong(text: string): Inline {
  return { strong: text };
}

/** What stands before the link to the board. */
export const BOARD_WORDS = 'Where Prometheus scraped it: ';
