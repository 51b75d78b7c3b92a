/** What a command ends with; scripts and CI read it. `--help` and README.md show this table. */
export const EXIT_CODES = {
  pass: { code: 0, when: 'every check passed' },
  fail: { code: 1, when: 'a check failed' },
  usage: { code: 2, when: 'the command line, the output folder or the run.json is wrong; nothing was run' },
  runError: { code: 3, when: 'the target cannot be reached or died, or a generator worker crashed' },
  inconclusive: { code: 4, when: 'the measurement cannot be trusted; the report says why' },
  interrupted: { code: 130, when: 'stopped by Ctrl-C or SIGTERM; what was measured is written' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;
