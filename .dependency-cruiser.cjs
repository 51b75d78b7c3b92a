/**
 * Who may import whom (ARCHITECTURE.md, "Imports"). Tests may import freely, testing/ downwards; the other rules bind
 * shipped code. `scripts/check-imports.mjs` also fails when fewer modules were cruised than exist.
 */
const TESTS = '(\\.test\\.ts$|/testing/)';
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: TESTS, ...from },
  to,
});

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'Modules must not depend on each other in a circle.'),
    forbid(
      'no-unresolved',
      {},
      { couldNotResolve: true, pathNot: '^(typebox|ws|prom-client|pbf)|^k6(/|$)' },
      'Every import must resolve.',
    ),
    forbid('server-stands-alone', { path: '^server/' }, { path: '^(load-tests|profiling|dashboards)/' }),
    forbid(
      'load-tests-know-the-protocol-only',
      { path: '^load-tests/' },
      { path: '^(server/(?!protocol/)|profiling/|dashboards/)' },
    ),
    forbid(
      'stand-ins-of-the-server-look-down',
      { path: '^server/.*testing/', pathNot: '\\.test\\.ts$' },
      { path: '^(load-tests|profiling|dashboards)/' },
    ),
    forbid(
      'stand-ins-of-load-tests-look-down',
      { path: '^load-tests/.*testing/', pathNot: '\\.test\\.ts$' },
      { path: '^(profiling|dashboards)/' },
    ),
    forbid(
      'k6-scripts-know-k6-only',
      { path: '^load-tests/k6/(?!lib/)' },
      { pathNot: '^load-tests/k6/(lib|virtual-users)/|^k6(/|$)|(^|/)node_modules/@types/k6/' },
      'k6 runs them: it has neither Node nor our packages.',
    ),
    forbid(
      'k6-lib-is-a-leaf',
      { path: '^load-tests/k6/lib/' },
      { pathNot: '^load-tests/k6/lib/' },
      'k6 and Node run it alike.',
    ),
    forbid(
      'nobody-imports-k6-scripts',
      {
        path: '^(server|load-tests|profiling|dashboards)/',
        pathNot: `^load-tests/k6/|/k6-script\\.ts$|${TESTS}`,
      },
      { path: '^load-tests/k6/(?!lib/)|^k6(/|$)|(^|/)node_modules/@types/k6/' },
      'Only k6 can.',
    ),
    forbid(
      'profiling-never-imports-the-server',
      { path: '^profiling/' },
      {
        path: '^(server/(?!protocol/|observability/(metric|lifecycle)-catalogue\\.ts$|faults/fault-catalogue\\.ts$)|dashboards/)',
      },
    ),
    forbid(
      'dashboards-know-the-catalogues-only',
      { path: '^dashboards/(?!observe/)' },
      {
        path: '^(server|load-tests|profiling)/',
        pathNot: '^(server/observability/metric|profiling/live/load-metric)-catalogue\\.ts$',
      },
    ),
    forbid(
      'nobody-imports-dashboards',
      { path: '^(server|load-tests|profiling)/' },
      { path: '^dashboards/' },
      'Scripts alone may.',
    ),
    forbid(
      'grafana-sdk-in-one-place',
      { pathNot: `^dashboards/|${TESTS}` },
      { path: '(^|/)node_modules/@grafana/' },
    ),
    forbid('protocol-is-a-leaf', { path: '^server/protocol/' }, { path: '^server/(?!protocol/)' }),
    forbid('hub-knows-protocol-only', { path: '^server/hub/' }, { path: '^server/(?!hub/|protocol/)' }),
    forbid(
      'hub-does-no-io',
      { path: '^server/(hub|protocol)/' },
      { dependencyTypes: ['core', 'npm'], pathNot: '^(crypto|node:crypto|typebox|node_modules/typebox)' },
      'The hub and the protocol are pure.',
    ),
    forbid(
      'server-rooms-keep-apart',
      { path: '^server/(features|transport|backplane|store|observability|faults)/' },
      { path: '^server/(features|transport|backplane|store|observability|faults)/', pathNot: '^server/$1/' },
      'Rooms beside each other meet in server.ts.',
    ),
    forbid(
      'only-main-starts',
      { path: '^server/', pathNot: `^server/(main|server)\\.ts$|${TESTS}` },
      { path: '^server/(main|server)\\.ts$' },
    ),
    forbid(
      'ws-in-one-place',
      { path: '^server/', pathNot: `^server/(transport/ws|bench)/|${TESTS}` },
      { path: '(^|/)node_modules/(@types/)?ws/' },
    ),
    forbid(
      'prom-client-in-one-place',
      { path: '^server/', pathNot: `^server/observability/metrics\\.ts$|${TESTS}` },
      { path: '(^|/)node_modules/prom-client/' },
    ),
    forbid(
      'observe-knows-the-protocol-only',
      { path: '^dashboards/observe/' },
      { path: '^(server/(?!protocol/)|load-tests/|profiling/|dashboards/(?!observe/))' },
      'It starts programs; it imports none of them.',
    ),
    forbid('record-is-a-leaf', { path: '^profiling/record/' }, { path: '^profiling/(?!record/)' }),
    forbid(
      'analysis-reads-records',
      { path: '^profiling/analysis/' },
      { path: '^profiling/(?!analysis/|record/)' },
    ),
    forbid(
      'verdict-reads-analysis',
      { path: '^profiling/verdict/' },
      { path: '^profiling/(?!verdict/|analysis/|record/)' },
    ),
    forbid(
      'report-reads-verdicts',
      { path: '^profiling/report/' },
      { path: '^profiling/(?!report/|verdict/|analysis/|record/)' },
    ),
    forbid(
      'judging-is-pure',
      {
        path: '^profiling/(analysis|verdict|report)/',
        pathNot: `^profiling/report/write-reports\\.ts$|${TESTS}`,
      },
      { dependencyTypes: ['core'] },
      'Only write-reports.ts touches the disk.',
    ),
    forbid(
      'sampling-knows-records',
      { path: '^profiling/sampling/' },
      { path: '^profiling/(?!sampling/|record/)' },
    ),
    forbid(
      'heap-reads-files-and-lines',
      { path: '^profiling/heap/' },
      { path: '^(profiling/(?!heap/|source/|record/)|load-tests/)' },
      'It works on snapshots of any program and knows nothing of runs.',
    ),
    forbid(
      'run-knows-sampling',
      { path: '^profiling/run/' },
      { path: '^profiling/(?!run/|sampling/|record/)' },
    ),
    forbid(
      'source-lines-know-records',
      { path: '^profiling/source/' },
      { path: '^profiling/(?!source/|record/)' },
    ),
    forbid(
      'cpu-reads-profiles',
      { path: '^profiling/cpu/' },
      { path: '^profiling/(?!cpu/|source/|record/)' },
    ),
    forbid(
      'scenarios-know-run',
      { path: '^profiling/scenarios/' },
      { path: '^profiling/(?!scenarios/|run/|sampling/|record/|cpu/|source/)' },
    ),
    forbid(
      'tools-know-run',
      { path: '^profiling/tools/' },
      { path: '^profiling/(?!tools/|run/|record/|verdict/quantities\\.ts$)' },
      'They start the server in another way; of scenarios and verdicts they know nothing.',
    ),
    forbid(
      'only-cli-runs-tools',
      { path: '^profiling/(?!tools/|cli/)' },
      { path: '^profiling/tools/' },
      'A scenario must not know that its server runs under a tool.',
    ),
    forbid(
      'live-shows-the-load',
      { path: '^profiling/live/' },
      { path: '^profiling/(?!live/|sampling/|record/)' },
      'It sees the load and what is scraped; cli tells it of the run.',
    ),
    forbid(
      'only-cli-shows-live',
      { path: '^profiling/(?!live/|cli/)' },
      { path: '^profiling/live/(?!load-metric-catalogue\\.ts$)' },
      'What measures and judges must not know that somebody watches.',
    ),
    forbid(
      'prom-client-once-more-in-live',
      { path: '^profiling/', pathNot: `^profiling/live/exposition\\.ts$|${TESTS}` },
      { path: '(^|/)node_modules/prom-client/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node'] },
  },
};
