import { describe, expect, it } from 'vitest';
import { SCENARIO_NAMES } from '../record/run-record.ts';
import { thresholdsOf } from '../verdict/thresholds.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { renderHelp } from './help.ts';
import { ALL } from './options/option-commands.ts';
import type { CommandName } from './options/option-definition.ts';
import { OPTION_TABLE } from './options/option-table.ts';
import { optionDefault, optionsOf, renderOptionsTable } from './options/options.ts';

describe('renderHelp', () => {
  it('reads like this for concurrency', () => {
    expect(renderHelp('concurrency')).toMatchSnapshot();
  });

  it('reads like this for report', () => {
    expect(renderHelp('report')).toMatchSnapshot();
  });

  it.each(ALL)('names every option of %s and no other, and the exit codes', (command) => {
    const help = renderHelp(command);
    const told = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    expect(told).toEqual(optionsOf(command).map(([name]) => name));
    for (const { code, when } of Object.values(EXIT_CODES))
      expect(help).toMatch(new RegExp(`${code} +${when}`));
  });

  it('gives every option to some command', () => {
    const offered = new Set(ALL.flatMap((command) => optionsOf(command).map(([name]) => name)));
    expect([...offered].sort()).toEqual(Object.keys(OPTION_TABLE).sort());
  });

  it.each(SCENARIO_NAMES)('tells the thresholds of %s alone', (scenario) => {
    const section = renderHelp(scenario).split('Thresholds\n')[1]?.split('\n\n')[0] ?? '';
    const told = section.split('\n').map((line) => line.trim().split(' ')[0]);
    expect(told).toEqual(thresholdsOf(scenario));
  });

  it.each(SCENARIO_NAMES)('names the default of %s where it has its own', (scenario) => {
    const line = (command: CommandName) => /--duration.*\[(.*)\]$/m.exec(renderHelp(command))?.[1];
    expect(line(scenario)).toBe(optionDefault(OPTION_TABLE.duration, scenario));
  });
});

describe('renderOptionsTable', () => {
  it('is a Markdown table with a row for each option', () => {
    const lines = renderOptionsTable().trimEnd().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(OPTION_TABLE).length);
    for (const line of lines) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(6);
  });
});
