import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from './exit-codes.ts';
import { renderHelp } from './help.ts';
import { OPTION_TABLE } from './option-table.ts';
import { renderOptionsTable } from './options.ts';

describe('renderHelp', () => {
  it('reads like this for concurrency', () => {
    expect(renderHelp('concurrency')).toMatchSnapshot();
  });

  it('reads like this for report', () => {
    expect(renderHelp('report')).toMatchSnapshot();
  });

  it('names every option and exit code', () => {
    const help = renderHelp('concurrency');
    for (const name of Object.keys(OPTION_TABLE)) expect(help).toContain(`--${name}`);
    for (const { code, when } of Object.values(EXIT_CODES))
      expect(help).toMatch(new RegExp(`${code} +${when}`));
  });
});

describe('renderOptionsTable', () => {
  it('is a Markdown table with a row for each option', () => {
    const lines = renderOptionsTable().trimEnd().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(OPTION_TABLE).length);
    for (const line of lines) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(5);
  });
});
