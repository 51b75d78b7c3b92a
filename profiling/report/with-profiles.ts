/** Puts what profiles say into a judged run, whatever its scenario: findings, sections, highlights, a note. */

import { drawnOf } from '../verdict/findings/drawn-profile.ts';
import { hottestFunctionFindings, hottestOf, placeOf } from '../verdict/findings/hottest-function.ts';
import { formatPercent } from '../verdict/quantities.ts';
import type { Finding } from '../verdict/verdict.ts';
import type { JudgedRun } from './judged-run.ts';
import type { Section } from './report-document.ts';
import { profileSections } from './sections/profiles/profile-sections.ts';

/** @returns the same run where it has no profiles */
export function withProfiles(judged: JudgedRun): JudgedRun {
  const { record, verdict, report } = judged;
  const { profiles } = record;
  if (profiles === undefined) return judged;
  const findings = hottestFunctionFindings(profiles, verdict.checks);
  const sections = withFindings(report.sections, findings);
  const place = sections.findIndex(({ id }) => id === 'findings' || id === 'validity');
  const at = place < 0 ? sections.length : sections[place]?.id === 'findings' ? place + 1 : place;
  const cpu = drawnOf(profiles.cpu);
  const top = cpu === undefined ? undefined : hottestOf(cpu);
  const hottest =
    cpu === undefined || top === undefined
      ? []
      : [
          `${top.functionName} (${placeOf(top)}), ${formatPercent(top.selfRatio)} of busy time in ${cpu.step}`,
        ];
  return {
    ...judged,
    verdict: { ...verdict, findings: [...verdict.findings, ...findings] },
    report: { ...report, sections: sections.toSpliced(at, 0, ...profileSections(record)) },
    highlights: [
      ...judged.highlights,
      ...hottest.map((answer) => ({ question: 'Hottest function', answer })),
    ],
    notes: [...judged.notes, ...hottest.map((answer) => `Hottest function: ${answer}.`)],
  };
}

/** Behind those of the scenario; a scenario without any has no section for them. */
function withFindings(sections: readonly Section[], added: readonly Finding[]): readonly Section[] {
  if (added.length === 0) return sections;
  if (!sections.some(({ id }) => id === 'findings')) {
    const own: Section = {
      id: 'findings',
      title: 'Findings',
      blocks: [{ kind: 'findings', findings: added }],
    };
    const before = sections.findIndex(({ id }) => id === 'validity');
    return sections.toSpliced(before < 0 ? sections.length : before, 0, own);
  }
  return sections.map((section) =>
    section.id === 'findings'
      ? { ...section, blocks: [...section.blocks, { kind: 'findings', findings: added }] }
      : section,
  );
}
