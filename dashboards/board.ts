/** A board's frame: variables, annotations, links, rows; what is the same on all of them. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE, type PanelMaker } from './panels.ts';
import { DRIVEN_SERVERS, RUN_INFO } from './queries.ts';

/** All boards carry it; the drop-down of links shows what carries it. */
export const TAG = 'touchline';

export interface Row {
  readonly title: string;
  readonly panels: readonly PanelMaker[];
}

export interface BoardSpec {
  /** Fixed: links and provisioning go by it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** The figures on top. */
  readonly strip: readonly PanelMaker[];
  readonly rows: readonly Row[];
  /** `server`: data source, run, instance. `k6`: data source, testid. */
  readonly variables: 'server' | 'k6';
}

/** Room for panels in a row: ids are row × this + place, so that a new panel moves no other row's ids. */
const IDS_PER_ROW = 100;

/** The board as Classic JSON of schema 42, which Grafana 11 to 13 read. */
export function buildBoard(spec: BoardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .variables(spec.variables === 'server' ? serverVariables() : k6Variables())
    .annotations(spec.variables === 'server' ? annotations() : [])
    .link(
      new DashboardLinkBuilder('Boards')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .icon('dashboard')
        .keepTime(true)
        .includeVars(true)
        .tooltip('The other boards, with the same time and choices'),
    );
  for (const panel of spec.strip) builder.withPanel(panel());
  for (const row of spec.rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel());
  }
  return mend(builder.build());
}

/** What the SDK leaves out or adds: panels without ids, and annotations and links hidden in a menu. */
function mend(board: Dashboard): Dashboard {
  let row = 0;
  let place = 0;
  for (const panel of board.panels ?? []) {
    if (panel.type === 'row') {
      row++;
      place = 0;
    } else {
      place++;
    }
    panel.id = row * IDS_PER_ROW + place;
  }
  for (const annotation of board.annotations.list ?? []) delete annotation.placement;
  for (const link of board.links ?? []) delete link.placement;
  for (const variable of board.templating.list ?? []) {
    delete variable.auto;
    delete variable.auto_min;
    delete variable.auto_count;
  }
  return board;
}

/**
 * `run` comes before `instance`, which depends on it. `touchline_build_info` has no label `run`, so `run=~".*"` (all runs) takes
 * every server there was, and any name of a run takes none: then the servers of that run alone are left.
 */
const INSTANCES =
  'query_result(last_over_time(touchline_build_info{run=~"$run"}[$__range]) or ' +
  '(last_over_time(touchline_build_info[$__range]) and on (instance) ' +
  `${DRIVEN_SERVERS.replace(RUN_INFO, `last_over_time(${RUN_INFO}[$__range])`)}))`;

function serverVariables(): Builder<VariableModel>[] {
  return [
    datasourceVariable(),
    queryVariable('run', 'Run', 'label_values(touchline_profile_run_info, run)')
      .description('A run of the profiler; chosen, it narrows the servers to those that it drives.')
      .includeAll(true)
      .allValue('.*')
      .sort(VariableSort.AlphabeticalDesc),
    queryVariable('instance', 'Server', INSTANCES)
      .description('Servers that showed metrics in this time.')
      .regex('/instance="([^"]+)"/')
      .multi(true)
      .includeAll(true)
      .sort(VariableSort.NaturalAsc),
  ];
}

function k6Variables(): Builder<VariableModel>[] {
  return [
    datasourceVariable(),
    queryVariable('testid', 'Test', 'label_values(k6_vus, testid)')
      .description('What `k6 run --tag testid=…` was given; All also shows tests without it.')
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .sort(VariableSort.NaturalDesc),
  ];
}

function datasourceVariable(): Builder<VariableModel> {
  return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

function queryVariable(name: string, label: string, text: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query: text, refId: name, qryType: text.startsWith('label_values') ? 1 : 3 })
    .definition(text)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .current({ selected: true, text: 'All', value: '$__all' });
}

function annotations(): Builder<AnnotationOf>[] {
  return [
    annotation('Run phases', 'blue')
      .expr(`touchline_profile_phase == 1 and on (instance) ${RUN_INFO}`)
      .titleFormat('{{phase}}')
      .textFormat('The run is in this phase.')
      .step('1s'),
    annotation('Drains', 'orange')
      .expr('touchline_draining{instance=~"$instance"} == 1')
      .titleFormat('{{instance}} drains')
      .textFormat('It refuses new connections and closes the open ones.')
      .step('1s'),
    annotation('Restarts', 'red')
      .expr(
        '(changes(process_start_time_seconds{instance=~"$instance"}[1m]) > 0) * on (instance) ' +
          'group_left (version, node) touchline_build_info',
      )
      .titleFormat('{{instance}} restarted')
      .textFormat('touchline {{version}} on Node {{node}}'),
  ];
}

type AnnotationOf = ReturnType<AnnotationQueryBuilder['build']>;

function annotation(name: string, colour: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(colour);
}
