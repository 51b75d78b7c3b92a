import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../testing/sample-peers.ts';
import { floorTable } from './floor-table.ts';
import { peersSection } from './peers-section.ts';
import { alignTable, formatRatio, groupTable, problemsOf } from './ratio-table.ts';

const report = sampleReport();

describe('the tables of bench:peers', () => {
  it('are as they were in BENCHMARKS.md', async () => {
    await expect(`${peersSection(report)}\n`).toMatchFileSnapshot('golden/peers.md');
  });

  it('are as they were on the terminal', async () => {
    const tables = report.groups.map((group) => alignTable(groupTable(group, report.copyBytesPerSecond)));
    const text = [...tables, alignTable(floorTable(report.groups) ?? [])].join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot('golden/peers.txt');
  });

  it('have no floor where everything is paced', () => {
    expect(floorTable(report.groups.slice(1))).toBeNull();
  });

  it('have a sentence for everything that went wrong', () => {
    expect(report.groups.flatMap(({ cells }) => cells.flatMap(problemsOf))).toEqual([
      'uWebSockets.js, publish (json, 100 connections): 6 messages lost',
      'Go, coder/websocket (json, 100 connections): expected a peer to say where it listens; it ended with 1',
      'Rust, tokio-tungstenite feed, flush (json, 100 connections): expected 100 readers to stay connected; one ended: ECONNRESET',
    ]);
  });

  it('write ratios with three digits that matter', () => {
    expect([0.084, 0.92, 1.436, 37.14, 99.96, 152.4, 1_234].map(formatRatio)).toEqual([
      '0.08',
      '0.92',
      '1.44',
      '37.1',
      '100.0',
      '152',
      '1,234',
    ]);
  });
});
