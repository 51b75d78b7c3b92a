/** What a tool drew: looked at before it is believed, then kept in the run's folder. */

import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../record/run-envelope.ts';
import { readDoctorFindings } from './doctor-findings.ts';
import { doctorWords } from './doctor-words.ts';
import { TOOLS, type ToolName } from './tool.ts';

export interface Drawn {
  readonly tool: ToolName;
  readonly html: string;
  readonly data: string | null;
  readonly runFolder: string;
}

/** Stands in the name of every function of the server that a tool saw. */
const OUR_CODE = 'dist/server/';

/** 0x ends with its page, clinic with a comment behind it. */
const IS_WHOLE = /<\/html>\s*(<!--.*-->\s*)?$/;
const LONGEST_END = 1_000;
const RAW_HEAP = 'server.heapprofile';

/** @returns the artefacts, the page first; or what is wrong with it, as a clause */
export async function keepArtefacts(drawn: Drawn): Promise<readonly [Artefact, ...Artefact[]] | string> {
  const { tool, html, data, runFolder } = drawn;
  const { artefact, file, reading } = TOOLS[tool];
  const text = await readFile(html, 'utf8').catch(() => undefined);
  if (text === undefined) return `expected it to write ${file}; it wrote none`;
  if (!IS_WHOLE.test(text.slice(-LONGEST_END)))
    return `expected ${file} to be a whole page; it breaks off after ${text.length} characters`;
  const words = wordsOf(tool, text);
  if (words === undefined)
    return `expected ${file} to show the server; it has ${text.length} characters and does not`;
  await rename(html, join(runFolder, file));
  const page: Artefact = { title: artefact, file, note: words };
  if (tool !== 'heapprofiler' || data === null || !(await isFilled(data))) return [page];
  await rename(data, join(runFolder, RAW_HEAP));
  return [
    page,
    {
      title: 'Heap profile as data',
      file: RAW_HEAP,
      note: 'Opens in the DevTools of Chrome and in speedscope.',
    },
  ];

  function wordsOf(name: ToolName, page: string): string | undefined {
    if (name !== 'doctor') return page.includes(OUR_CODE) ? reading : undefined;
    const findings = readDoctorFindings(page);
    return findings === undefined ? undefined : `${doctorWords(findings)} ${reading}`;
  }
}

/** What an earlier run left in this folder must not be taken for what this one drew. */
export async function removeArtefacts(tool: ToolName, runFolder: string): Promise<void> {
  const files = [TOOLS[tool].file, ...(tool === 'heapprofiler' ? [RAW_HEAP] : [])];
  for (const file of files) await rm(join(runFolder, file), { force: true });
}

async function isFilled(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.size > 0;
}
