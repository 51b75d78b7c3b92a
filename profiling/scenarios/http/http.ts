/**
 * How do the HTTP endpoints answer, as fast as they are asked? autocannon sends one request after the other to each endpoint
 * in turn (closed model), and what it counts is held against what the server counts.
 */

import type {
  HttpLoadPlan,
  HttpObserver,
  HttpPhase,
  HttpProgress,
} from '../../../load-tests/generator/http/http-plan.ts';
import type { HttpBody, HttpEndpointRecord } from '../../record/http-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import { askJson } from '../../run/ask-json.ts';
import { SCRAPE_TIMEOUT_MS } from '../../run/target.ts';
import { httpCounted } from '../../sampling/http-counts.ts';
import { WindowSampler } from '../../sampling/window-sampler.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { autocannonFileOf, COMMENTARY, type NamedRequest, requestsOf } from './http-requests.ts';

/** Scrapes and the last answers. */
const ENDPOINT_MARGIN_MS = 200;

/** The scenario `http`. */
export const http: Scenario<'http'> = {
  name: 'http',
  speaks: 'http',
  needsSpawnedServer: false,
  demand: ({ connections }) => ({ connections, deliveriesPerSecond: 0 }),
  overrides: () => [],
  describe: ({ connections, measureMs, http: { endpoints, paths } }) =>
    `${(paths.length > 0 ? paths : endpoints).join(', ')}, ${connections} connections of autocannon (closed), ${measureMs / 1_000} s each`,
  recorded: ({ connections, measureMs, warmUpMs, http: { endpoints, paths, timeoutMs } }) => ({
    model: 'closed',
    connections,
    measureMs,
    warmUpMs,
    timeoutMs,
    ...(paths.length > 0 ? { paths: paths.join(',') } : { endpoints: endpoints.join(',') }),
  }),
  nothing: (options) => bodyOf(options, []),
  run: runHttp,
};

function bodyOf(
  { connections, http: { timeoutMs } }: ScenarioOptions,
  endpoints: HttpEndpointRecord[],
): HttpBody {
  return { scenario: 'http', connections, timeoutMs, endpoints };
}

async function runHttp(context: ScenarioContext): Promise<ScenarioResult<HttpBody>> {
  const { options, startedAt } = context;
  const endpoints: HttpEndpointRecord[] = [];
  const requests = requestsOf(options, startedAt);
  for (const [index, request] of requests.entries()) {
    const what = `the load of ${request.method} ${request.path}`;
    const step = `${request.name} ${index + 1}/${requests.length}`;
    const end = await attempt(context, what, async () => {
      const remainingAfterMs = (requests.length - index - 1) * endpointMs(options);
      const record = await measureEndpoint(context, { request, index, step, remainingAfterMs });
      endpoints.push(record);
      return endAfter(context, record.load.state, what);
    });
    if (end !== undefined) return { outcome: end, body: bodyOf(options, endpoints) };
  }
  const outcome: RunOutcome = { state: 'completed' };
  return { outcome, body: bodyOf(options, endpoints) };
}

function endpointMs({ warmUpMs, measureMs }: ScenarioOptions): number {
  return warmUpMs + measureMs + ENDPOINT_MARGIN_MS;
}

interface EndpointInput {
  readonly request: NamedRequest;
  readonly index: number;
  /** For the progress line. */
  readonly step: string;
  readonly remainingAfterMs: number;
}

/** @throws TouchlineError as `LoadCoordinator.http` does */
async function measureEndpoint(context: ScenarioContext, input: EndpointInput): Promise<HttpEndpointRecord> {
  const { target, load, keepFile } = context;
  const { request, index } = input;
  const { name, method, path, publishes } = request;
  await fillHistory(context, request);
  const observer = new EndpointObserver(context, input);
  try {
    const before = await target.view.scrape();
    observer.begin();
    const result = await load.http(planOf(context, request), observer);
    const after = await target.view.scrape();
    const { window, samples } = await observer.sampler.end();
    const { autocannon } = result;
    const autocannonFile = autocannon === null ? null : autocannonFileOf(name, index);
    if (autocannonFile !== null) await keepFile(autocannonFile, `${JSON.stringify(autocannon, null, 1)}\n`);
    return {
      name,
      method,
      path,
      publishes,
      load: result,
      autocannonFile,
      serverWindow: window,
      serverSamples: [...samples],
      counted: httpCounted(before, after),
    };
  } finally {
    observer.sampler.abandon();
  }
}

function planOf({ options, target }: ScenarioContext, request: NamedRequest): HttpLoadPlan {
  const { connections, warmUpMs, measureMs, http: asked } = options;
  const { method, path, body, withToken } = request;
  return {
    target: target.load,
    request: { method, path, body, withToken },
    connections,
    warmUpMs,
    measureMs,
    timeoutMs: asked.timeoutMs,
  };
}

/** What cannot be posted is not told here: the history is shorter then, and `publish` says why. */
async function fillHistory({ target }: ScenarioContext, { history }: NamedRequest): Promise<void> {
  if (history === null) return;
  const { httpUrl, apiToken } = target.load;
  for (let item = 0; item < history.items; item += 1) {
    await askJson({
      method: 'POST',
      url: `${httpUrl}${history.path}`,
      body: JSON.parse(COMMENTARY),
      token: apiToken,
      timeoutMs: SCRAPE_TIMEOUT_MS,
    });
  }
}

/** Follows one load: samples the server while it is measured, shows where it stands. */
class EndpointObserver implements HttpObserver {
  readonly sampler: WindowSampler;
  readonly #context: ScenarioContext;
  readonly #input: EndpointInput;

  constructor(context: ScenarioContext, input: EndpointInput) {
    this.#context = context;
    this.#input = input;
    this.sampler = new WindowSampler(context.target.view);
  }

  /** Before the load: what watches it must know of which endpoint it is. */
  begin(): void {
    const { warmUpMs, measureMs } = this.#context.options;
    this.#report('warm-up', warmUpMs + measureMs);
  }

  async phase(phase: HttpPhase): Promise<void> {
    const { measureMs } = this.#context.options;
    if (phase !== 'warm-up') this.#report(phase, phase === 'measure' ? measureMs : 0);
    if (phase === 'measure') this.sampler.begin();
    if (phase === 'drain') await this.sampler.end();
  }

  progress(progress: HttpProgress): void {
    this.#report(progress.phase, progress.remainingMs, progress);
  }

  #report(phase: HttpPhase, remainingMs: number, http?: HttpProgress): void {
    const { step, remainingAfterMs } = this.#input;
    this.#context.report({
      phase,
      step,
      connections: this.#context.options.connections,
      load: null,
      ...(http === undefined ? {} : { http }),
      remainingMs: remainingMs + remainingAfterMs,
    });
  }
}
