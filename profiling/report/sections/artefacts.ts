/** What a run left beside its report: where it is and what it shows. */

import type { RunEnvelope } from '../../record/run-envelope.ts';
import { link, type ReportDocument, type Section } from '../report-document.ts';

/** Stands right behind the checks: whoever runs a server under a tool wants what the tool drew. */
export function withArtefacts(report: ReportDocument, record: RunEnvelope): ReportDocument {
  const { artefacts = [] } = record;
  if (artefacts.length === 0) return report;
  const section: Section = {
    id: 'artefacts',
    title: record.tool === undefined ? 'Files of this run' : `What ${record.tool.title} drew`,
    blocks: [
      {
        kind: 'list',
        items: artefacts.map(({ title, file, note }) => [
          link(title, file),
          ` (`,
          { code: file },
          `): ${note}`,
        ]),
      },
    ],
  };
  const behind = report.sections.findIndex(({ id }) => id === 'checks') + 1;
  return { ...report, sections: report.sections.toSpliced(behind, 0, section) };
}
