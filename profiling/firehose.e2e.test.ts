/** The scenario end to end on dist/: what passes. What counts decide is in firehose-counts.e2e.test.ts. */

import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { analyseFirehose } from './analysis/firehose/analyse-firehose.ts';
import { FIREHOSE, recordIn, runOnHealthyRig, wasMachineFull } from './testing/profiler-process.ts';

const out = outputFolder();

const RATE = 20_000;
const SMALL = ['--quick', '--rates', `${RATE}`, '--max-rate', `${RATE}`, '--seed', '7'];
/** The search alone. */
const SEARCH = [
  ...SMALL,
  ...['--duration', '500ms', '--readers', '1', '--modes', 'coalesced', '--engines', 'ws'],
  ...['--reader-kinds', 'lean', '--slow-readers', '0'],
];

describe('profile:firehose', () => {
  it('passes a healthy server, and accounts for every tick', async () => {
    const { exit, stdout, stderr } = await runOnHealthyRig(FIREHOSE, [...SEARCH, '--out', out.path]);
    const record = recordIn(out.path, 'firehose');
    for (const { ledger, counterCheck } of analyseFirehose(record).cells) {
      expect(ledger).toMatchObject({ lost: 0, duplicated: 0, outOfOrder: 0 });
      expect(counterCheck.unexplained).toBe(0);
    }
    if (exit === 4) {
      expect(record.cells.some(wasMachineFull), stdout + stderr).toBe(true);
      return;
    }
    expect(stdout, stderr).toMatch(
      /^Pass: the server sustained 20,000 in JSON and 20,000 in binary ticks\/s/,
    );
    expect(exit).toBe(0);
  });
});
