import { describe, expect, it } from 'vitest';
import { SCENARIO_NAMES } from '../record/run-record.ts';
import { TOOL_NAMES, TOOLS } from '../tools/tool.ts';
import { repeatCommand } from './repeat-command.ts';
import { renderToolHelp } from './tool-help.ts';
import { readToolOptions } from './tool-options.ts';

const read = (...argv: string[]) => readToolOptions(argv, 'flame', { environment: {}, randomSeed: 42 });

describe('readToolOptions', () => {
  it('runs broadcast unless another scenario is named', () => {
    expect(read()).toMatchObject({
      kind: 'run',
      options: { scenario: 'broadcast', options: { tool: 'flame' } },
    });
  });

  it.each([
    ['before its options', ['--scenario', 'concurrency', '--tiers', '5', '--quick']],
    ['behind them', ['--tiers', '5', '--quick', '--scenario=concurrency']],
  ])('takes the scenario %s, and the rest as that scenario does', (_, argv) => {
    const asked = read(...argv);
    expect(asked).toMatchObject({
      kind: 'run',
      options: { scenario: 'concurrency', options: { tiers: [5], quick: true, measureMs: 4_000 } },
    });
    if (asked.kind !== 'run') return;
    expect(repeatCommand('concurrency', asked.options.options)).toBe(
      'npm run profile:flame -- --scenario concurrency --quick --seed 42 --tiers 5',
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'an unknown scenario',
      ['--scenario', 'brodcast'],
      /expected one of concurrency, .*received "brodcast"; did you mean broadcast\?/,
    ],
    [
      'a scenario without its option',
      ['brodcast', '--quick'],
      /unexpected "brodcast"; did you mean --scenario broadcast\?/,
    ],
    [
      'a misspelt option',
      ['--senario=churn', '--quick'],
      /unknown option --senario; did you mean --scenario\?/,
    ],
    ['no scenario', ['--scenario'], /--scenario needs a value: one of concurrency/],
    ['an option instead of it', ['--scenario', '--quick'], /--scenario needs a value/],
    ['two', ['--scenario', 'churn', '--scenario', 'memory'], /may be given once; received 2 times/],
    [
      'an option of another scenario',
      ['--tiers', '5'],
      /unknown option --tiers\nthe options of --scenario broadcast are explained by: npm run profile:broadcast -- --help/,
    ],
    [
      'a server that runs already',
      ['--url', 'ws://127.0.0.1:1/ws'],
      /profile:flame starts the server itself, under flame; --url cannot be used with it/,
    ],
    ['a process that runs already', ['--attach=12'], /--attach cannot be used with it/],
    [
      'a scenario that compares servers',
      ['--scenario', 'overhead', '--quick'],
      /--scenario overhead makes no sense under a tool: overhead compares/,
    ],
    [
      'an engine that would run beside the tool',
      ['--scenario', 'firehose', '--engines', 'ws,uws'],
      /only one server runs under flame: expected one engine in --engines; received ws,uws/,
    ],
    [
      'a reader whose server would',
      ['--scenario', 'firehose', '--reader-kinds', 'lean,browser-naive'],
      /leave browser-naive out of --reader-kinds/,
    ],
    ['a second profiler', ['--profile', 'cpu'], /two profilers would measure each other/],
  ])('refuses %s', (_, argv, expected) => {
    const asked = read(...argv);
    expect(asked.kind === 'usage' ? asked.problems.join('\n') : asked.kind).toMatch(expected);
  });

  it('leaves out what needs a server beside the one under the tool', () => {
    expect(read('--scenario', 'firehose')).toMatchObject({
      options: { options: { ticks: { engines: ['ws'], kinds: ['lean', 'ws'] } } },
    });
  });

  it('shows help, whatever else was typed', () => {
    expect(read('--scenario', 'nonsense', '--help')).toEqual({ kind: 'help' });
  });
});

describe('renderToolHelp', () => {
  it.each(TOOL_NAMES)('tells what %s leaves, what it costs, and which scenarios there are', (tool) => {
    const help = renderToolHelp(tool);
    expect(help).toContain(`npm run profile:${tool} -- [--scenario <name>]`);
    for (const part of [TOOLS[tool].title, TOOLS[tool].file, TOOLS[tool].cost]) expect(help).toContain(part);
    for (const name of SCENARIO_NAMES.filter((scenario) => scenario !== 'overhead')) {
      expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(help).toMatch(/^ {2}Not under a tool: overhead compares /m);
  });
});
