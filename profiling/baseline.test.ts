/** BASELINE.md is what `npm run baseline` writes: every scenario, with commands that can be typed again. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRunOptions } from './cli/run-options.ts';
import { BASELINE_NAMES } from './record/run-record.ts';

const markdown = readFileSync(new URL('BASELINE.md', import.meta.url), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const COMMAND = /^npm run (?<script>profile:(?<scenario>\w+)) -- (?<words>.+)$/gm;
const commands = [...markdown.matchAll(COMMAND)].flatMap(({ groups }) =>
  groups === undefined ? [] : [groups],
);

describe('BASELINE.md', () => {
  it('has one command for each scenario, that this touchline understands', () => {
    expect(commands.map(({ scenario }) => scenario)).toEqual(BASELINE_NAMES);
    for (const { script = '', words = '' } of commands) {
      const scenario = BASELINE_NAMES.find((name) => script === `profile:${name}`) ?? 'concurrency';
      expect(scripts).toHaveProperty([script]);
      const asked = readRunOptions(
        words.split(' '),
        { command: scenario, scenario },
        { environment: {}, randomSeed: 1 },
      );
      expect(asked, words).toMatchObject({ kind: 'run' });
    }
  });

  it('ends with what we would fix next, and names no place of the machine it was made on', () => {
    const sections = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(sections.at(-1)).toBe('What we would fix next');
    expect(sections).toEqual(expect.arrayContaining([...BASELINE_NAMES]));
    expect(markdown).not.toMatch(/127\.0\.0\.1|localhost|(^|[\s`(])\/(home|root|tmp|work|Users)\//m);
  });
});
