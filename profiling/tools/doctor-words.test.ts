import { describe, expect, it } from 'vitest';
import { type DoctorFindings, readDoctorFindings } from './doctor-findings.ts';
import { doctorWords } from './doctor-words.ts';

const NONE = {
  delay: 'none',
  cpu: 'none',
  memory: { external: 'none', rss: 'none', heapTotal: 'none', heapUsed: 'none' },
  handles: 'none',
  loopUtilization: 'none',
} as const;

/** Ten samples a second apart; the load is the last eight. */
function findings(
  category: string,
  issues: Partial<DoctorFindings['analysis']['issues']> = {},
): DoctorFindings {
  return {
    processStat: Array.from({ length: 10 }, (_, index) => ({
      timestamp: 1_000 + index,
      delay: index < 2 ? 500 : index,
      cpu: index / 10,
      handles: index < 2 ? 0 : index + 5,
    })),
    analysis: { interval: [1_002, 1_009], issues: { ...NONE, ...issues }, issueCategory: category },
  };
}

describe('doctorWords', () => {
  it('says that there is no problem', () => {
    expect(doctorWords(findings('none'))).toBe('Doctor sees no problem.');
  });

  it.each<[string, Partial<DoctorFindings['analysis']['issues']>, readonly RegExp[]]>([
    [
      'event-loop',
      { delay: 'performance', loopUtilization: 'performance' },
      [
        /blocks the event loop.*npm run profile:flame/,
        /It flags event loop delay \(median 6\.00 ms, longest 9\.00 ms\) and an event loop that is busy nearly all the time\./,
      ],
    ],
    [
      'gc',
      { memory: { ...NONE.memory, heapUsed: 'performance' } },
      [/garbage collection.*npm run profile:heapprofiler/, /It flags memory/],
    ],
    [
      'io',
      { cpu: 'performance' },
      [
        /waiting for I\/O.*npm run profile:bubbleprof/,
        /CPU left over \(nine samples in ten at or below 0\.80 core\)/,
        /a load at a fixed rate leaves CPU over/,
      ],
    ],
    ['unknown', { handles: 'performance' }, [/none of its patterns/, /active handles.*\(7 to 14\)/]],
    ['data', { delay: 'data' }, [/could not judge/]],
    ['brand-new', {}, [/Doctor's category is "brand-new"/]],
  ])(
    'tells of %s what is flagged, with figures of the load alone, and what to do',
    (category, issues, all) => {
      const words = doctorWords(findings(category, issues));
      for (const expected of all) expect(words).toMatch(expected);
    },
  );
});

describe('readDoctorFindings', () => {
  const page = (data: string) =>
    `<html><script type="application/json" id="clinic-data">${data}</script><script>x</script></html>`;

  it('reads what doctor wrote into its page, with more than it needs and an open interval', () => {
    const own = findings('none');
    const written = JSON.stringify({
      ...own,
      traceEvent: [{}],
      analysis: { ...own.analysis, interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
    });
    const read = readDoctorFindings(page(written));
    expect(read?.analysis.issueCategory).toBe('none');
    expect(read && doctorWords(read)).toBe('Doctor sees no problem.');
  });

  it.each([
    ['no data', '<html></html>'],
    ['data that is cut off', page('{"processStat":[')],
    ['data of another kind', page('{"processStat":[],"analysis":{}}')],
  ])('finds nothing in a page with %s', (_, html) => {
    expect(readDoctorFindings(html)).toBeUndefined();
  });
});
