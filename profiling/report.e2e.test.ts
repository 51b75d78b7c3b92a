/** The command that judges and renders a run again: with the limits it had, with others, and of a file that is no run. */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { CONCURRENCY, printedVerdict, REPORT, runProfiler } from './testing/profiler-process.ts';
import { sampleRecord } from './testing/sample-record.ts';

const out = outputFolder();

describe('report', () => {
  it('renders the record of a run as the run did', async () => {
    const first = join(out.path, 'first');
    const again = join(out.path, 'again');
    const tiny = ['--tiers', '5,40', '--duration', '2s', '--warm-up', '200ms', '--out', first];
    const ran = await runProfiler(CONCURRENCY, tiny);
    const same = await runProfiler(REPORT, [join(first, 'run.json'), '--out', again]);
    expect(same.exit, ran.stdout + same.stdout).toBe(ran.exit);
    expect(same.stdout).toContain(join(again, 'report.md'));
    expect(existsSync(join(again, 'report.html'))).toBe(true);
    expect(await readFile(join(again, 'report.md'), 'utf8')).toBe(
      await readFile(join(first, 'report.md'), 'utf8'),
    );
  });

  it('judges a run again, with other limits when asked', async () => {
    const file = join(out.path, 'run.json');
    await writeFile(file, JSON.stringify(sampleRecord({ quick: true })));
    const asItWas = await runProfiler(REPORT, [file, '--json']);
    expect(asItWas.exit, asItWas.stdout).toBe(0);
    const strict = await runProfiler(REPORT, [file, '--threshold', 'p95=0.001ms', '--json']);
    expect(strict.exit, strict.stdout).toBe(1);
    expect(printedVerdict(strict.stdout).checks).toContainEqual(
      expect.objectContaining({ name: 'p95', verdict: 'fail', threshold: 0.001 }),
    );
    const unjudged = await runProfiler(REPORT, [file, '--threshold', 'fds=3']);
    expect(unjudged.exit).toBe(2);
    expect(unjudged.stderr).toContain('--threshold fds is not judged by concurrency');
  });

  it.each<[string, string | undefined, RegExp]>([
    ['a missing file', undefined, /expected a file that can be read at .*ENOENT/],
    ['no JSON', '{"half":', /expected JSON at /],
    ['another version', '{"schema":"touchline/run-record","schemaVersion":99}', /99/],
    ['something else', '{"name":"x"}', /expected/],
  ])('explains %s: exit 2', async (_, content, expected) => {
    const file = join(out.path, 'run.json');
    if (content !== undefined) await writeFile(file, content);
    const { exit, stdout, stderr } = await runProfiler(REPORT, [file]);
    expect(stderr).toMatch(/^TL_RECORD_INVALID: /);
    expect(stderr).toMatch(expected);
    expect([exit, stdout]).toEqual([2, '']);
  });
});
