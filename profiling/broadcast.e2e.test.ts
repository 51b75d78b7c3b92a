/** The scenario end to end on dist/: what passes. What counts decide is in broadcast-counts.e2e.test.ts. */

import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { BROADCAST, recordIn, runOnHealthyRig, wasMachineFull } from './testing/profiler-process.ts';

const out = outputFolder();

const TINY = ['--quick', '--connections', '20', '--duration', '1s', '--warm-up', '200ms', '--seed', '7'];

describe('profile:broadcast', () => {
  it('passes a healthy server', async () => {
    const argv = [...TINY, '--rates', '20,60', '--closed', '0', '--slow-readers', '0', '--out', out.path];
    const { exit, stdout, stderr } = await runOnHealthyRig(BROADCAST, argv);
    const record = recordIn(out.path, 'broadcast');
    if (exit === 4) {
      expect(record.steps.map(({ tier }) => tier).some(wasMachineFull), stdout + stderr).toBe(true);
      return;
    }
    expect(stdout, stderr).toMatch(/^Pass: the server sustained 60 broadcasts\/s to 20 members/);
    expect(exit).toBe(0);
    expect(record).toMatchObject({ outcome: { state: 'completed' }, sustainedRate: 60, connections: 20 });
    const kinds = record.steps.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toEqual(['sweep', 'confirmation']);
    expect(record.steps.at(-1)?.tier.load.fanOut).toMatchObject({ broadcasts: 120, members: 20 });
  });
});
