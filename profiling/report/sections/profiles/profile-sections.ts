/** What the profiles of a run say: one section for CPU, one for the heap; nothing without `--profile`. */

import type { Profiles } from '../../../record/profile-record.ts';
import type { RunEnvelope } from '../../../record/run-envelope.ts';
import { drawnOf } from '../../../verdict/findings/drawn-profile.ts';
import type { Block, Section } from '../../report-document.ts';
import { cpuBlocks } from './cpu-blocks.ts';
import { heapBlocks } from './heap-blocks.ts';

/** Sections to stand behind the findings. */
export function profileSections({ profiles }: RunEnvelope): readonly Section[] {
  if (profiles === undefined) return [];
  const sections = [...cpuSection(profiles), ...heapSection(profiles)];
  if (profiles.missing.length === 0) return sections;
  const missing: readonly Block[] = [
    { kind: 'paragraph', text: 'These windows have no profile:', tone: 'doubtful' },
    { kind: 'list', items: profiles.missing },
  ];
  const last = sections.at(-1);
  if (last === undefined) return [{ id: 'cpu-profile', title: 'Profiles', blocks: missing }];
  return [...sections.slice(0, -1), { ...last, blocks: [...last.blocks, ...missing] }];
}

function cpuSection(profiles: Profiles): readonly Section[] {
  const drawn = drawnOf(profiles.cpu);
  if (drawn === undefined) return [];
  return [{ id: 'cpu-profile', title: 'Where CPU time goes', blocks: cpuBlocks(drawn, profiles) }];
}

function heapSection(profiles: Profiles): readonly Section[] {
  const drawn = drawnOf(profiles.heap);
  if (drawn === undefined) return [];
  return [{ id: 'heap-profile', title: 'Who allocates what stays', blocks: heapBlocks(drawn, profiles) }];
}
