import { describe, expect, it } from 'vitest';
import { ClientReports, MAX_CLIENT_REPORTS } from './client-reports.ts';

const stats = (clientId: string) => ({
  clientId,
  messagesPerSec: 1,
  totalMessages: 2,
  avgLatencyMs: 3,
  p99LatencyMs: 4,
});

describe('ClientReports', () => {
  it('keeps the newest figures of each name, newest name first', () => {
    const reports = new ClientReports();
    reports.identified('a', 1);
    reports.reported(stats('b'), 2);
    reports.reported(stats('a'), 3);
    reports.identified('a', 4);
    expect(reports.list()).toEqual([
      { ...stats('a'), lastUpdate: 4 },
      { ...stats('b'), lastUpdate: 2 },
    ]);
    reports.clear();
    expect(reports.size).toBe(0);
  });

  it('has room for so many names, and lets go of who reported longest ago', () => {
    const reports = new ClientReports();
    for (let n = 0; n <= MAX_CLIENT_REPORTS; n += 1) reports.identified(`c${n}`, n);
    expect(reports.size).toBe(MAX_CLIENT_REPORTS);
    expect(reports.list().map(({ clientId }) => clientId)).not.toContain('c0');
  });

  it('takes any name for a name', () => {
    const reports = new ClientReports();
    reports.identified('__proto__', 1);
    expect(reports.list()).toMatchObject([{ clientId: '__proto__' }]);
  });
});
