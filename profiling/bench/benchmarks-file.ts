/** BENCHMARKS.md: each benchmark has a section between markers and leaves the others' alone. */

import { readFile, writeFile } from 'node:fs/promises';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

const HEADING = `# Benchmarks

What was measured side by side in one run, with the command beside it. Each section is written by its command; machines
differ, so read the ratios.
`;

/** The text with a section put in, in the place of the one it had, else behind all others. */
export function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const section = `${start}\n\n${content.trim()}\n\n${end}`;
  const from = text.indexOf(start);
  if (from < 0) return `${text.trimEnd()}\n\n${section}\n`;
  const to = text.indexOf(end, from);
  if (to < 0) {
    throw new TouchlineError('TL_OUT_NOT_WRITABLE', `expected ${end} behind ${start}; there is none`);
  }
  return `${text.slice(0, from)}${section}${text.slice(to + end.length)}`;
}

/**
 * Writes one section of a file, which is made where there is none.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE`
 */
export async function writeSection(file: string, name: string, content: string): Promise<void> {
  try {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return HEADING;
      throw error;
    });
    await writeFile(file, withSection(text, name, content));
  } catch (cause) {
    if (cause instanceof TouchlineError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError('TL_OUT_NOT_WRITABLE', `expected to write ${file}; ${reason}`, { cause });
  }
}
