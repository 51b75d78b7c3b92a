/** The same report from another folder: links to files beside it lead there from here. */

import type { Block, Inline, ReportDocument, RichText } from './report-document.ts';

/** @param base the report's own folder, seen from where it will stand: `../<run id>` */
export function rebaseLinks(report: ReportDocument, base: string): ReportDocument {
  const sections = report.sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) => rebaseBlock(block, base)),
  }));
  return { ...report, sections };
}

function rebaseBlock(block: Block, base: string): Block {
  switch (block.kind) {
    case 'paragraph':
      return { ...block, text: rebaseText(block.text, base) };
    case 'list':
      return { ...block, items: block.items.map((item) => rebaseText(item, base)) };
    case 'table': {
      const rows = block.rows.map((row) =>
        row.map((cell) => ({ ...cell, text: rebaseText(cell.text, base) })),
      );
      return { ...block, rows };
    }
    default:
      return block;
  }
}

function rebaseText(text: RichText, base: string): RichText {
  return typeof text === 'string' ? text : text.map((part) => rebaseInline(part, base));
}

function rebaseInline(part: Inline, base: string): Inline {
  if (typeof part === 'string' || !('link' in part) || /^(\w+:|\/|#)/.test(part.href)) return part;
  return { ...part, href: `${base}/${part.href}` };
}
