/** A subscriber process in a churn run: carries out the parent's commands on the churn's clients, then the storm's. */

import type { Workload } from '../../../workloads/workload.ts';
import { createWorkload } from '../../../workloads/workload-by-name.ts';
import type { ChurnCommand, ChurnShare } from '../../churn/churn-messages.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import { openLeanClient } from '../../client/lean-client.ts';
import { isIpv4Loopback } from '../../client/source-addresses.ts';
import { targetAddress } from '../../client/target-address.ts';
import { openWsClient } from '../../client/ws-client.ts';
import type { FromWorker, FromWorkerOf } from '../../worker-traffic.ts';
import { MeasuredWindow } from '../measured-window.ts';
import { ChurnFleet, type OpenNumbered } from './churn-fleet.ts';
import { ChurnSchedule, visitsOf } from './churn-schedule.ts';
import { StormFleet } from './churn-storm-fleet.ts';

type PrepareCommand = Extract<ChurnCommand, { readonly type: 'churn-prepare' }>;
type StormCommand = Extract<ChurnCommand, { readonly type: `storm-${string}` }>;

/** What one churn run needs from its beginning to its end. */
interface Prepared {
  readonly plan: ChurnPlan;
  readonly share: ChurnShare;
  readonly workload: Workload;
  readonly open: OpenNumbered;
  readonly storm: StormFleet;
}

export class ChurnWorker {
  readonly #send: (event: FromWorker) => void;
  #prepared: Prepared | null = null;
  #fleet: ChurnFleet | null = null;
  #window: MeasuredWindow | null = null;

  constructor(send: (event: FromWorker) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: ChurnCommand): Promise<void> {
    if (command.type === 'churn-prepare') {
      this.#prepared = await prepare(command);
      this.#fleet = null;
      this.#window = null;
      this.#send({ type: 'churn-prepared' });
      return;
    }
    const prepared = this.#prepared;
    // An interruption may come before anything is prepared: nothing is under way then.
    if (prepared === null && command.type === 'churn-halt') return;
    if (prepared === null) throw new Error(`expected churn-prepare before ${command.type}`);
    await this.#drive(prepared, command);
  }

  /** How the run stands, for the live display. */
  progress(): FromWorkerOf<'progress'> {
    const fleet = this.#fleet;
    const storm = this.#prepared?.storm;
    return {
      type: 'progress',
      connected: (fleet?.open ?? 0) + (storm?.open ?? 0),
      paused: 0,
      received: (fleet?.books.ledger.received ?? 0) + (storm?.deliveries ?? 0),
      gaps: (fleet?.books.ledger.gaps ?? 0) + (storm?.gaps ?? 0),
      latency: null,
      churn: fleet?.totals ?? { connected: 0, failed: 0, failedInARow: 0 },
    };
  }

  async #drive(prepared: Prepared, command: Exclude<ChurnCommand, PrepareCommand>): Promise<void> {
    switch (command.type) {
      case 'churn-start':
        this.#start(prepared, command.startUs);
        break;
      case 'churn-report':
        this.#report(this.#fleet ?? this.#create(prepared, 0), command.unconfirmedSeqs);
        break;
      case 'churn-halt':
        this.#window?.end();
        this.#fleet?.halt();
        prepared.storm.halt(command.graceMs);
        break;
      default:
        await this.#storm(prepared.storm, command);
    }
  }

  async #storm(storm: StormFleet, command: StormCommand): Promise<void> {
    switch (command.type) {
      case 'storm-gather':
        this.#send({ type: 'storm-gathered', report: await storm.gather() });
        break;
      case 'storm-cut':
        this.#send({ type: 'storm-away', ...storm.cut() });
        break;
      case 'storm-return':
        this.#send({ type: 'storm-returned', report: await storm.comeBack(command.atUs) });
        break;
      case 'storm-leave':
        await storm.leave(command.timeoutMs);
        this.#send({ type: 'storm-left', open: storm.open });
        break;
      case 'storm-report':
        this.#send({ type: 'storm-reported', report: storm.report(command.unconfirmedSeqs) });
        break;
      case 'storm-close':
        await storm.close(command.timeoutMs);
        this.#send({ type: 'storm-closed' });
        break;
    }
  }

  #start(prepared: Prepared, startUs: number): void {
    const fleet = this.#create(prepared, startUs);
    this.#fleet = fleet;
    fleet.onQuiet = () => this.#send({ type: 'churn-quiet' });
    fleet.onSettled = () => this.#send({ type: 'churn-settled' });
    const measureEndUs = startUs + prepared.plan.churnMs * 1_000;
    this.#window = new MeasuredWindow({ startUs, measureStartUs: startUs, measureEndUs }, () => ({
      deliveries: fleet.books.ledger.received,
      reads: fleet.reads,
    }));
    fleet.start();
  }

  #create({ plan, share, workload, open }: Prepared, startUs: number): ChurnFleet {
    const { worker, workers } = share;
    return new ChurnFleet({
      plan,
      schedule: new ChurnSchedule({ plan, startUs, worker, workers }),
      startUs,
      clients: visitsOf(plan, worker, workers),
      publisher: share.churnPublisher,
      workload,
      open,
    });
  }

  #report(fleet: ChurnFleet, unconfirmedSeqs: readonly number[]): void {
    this.#send({
      type: 'churn-reported',
      report: {
        ...fleet.counts(),
        books: fleet.books.ledger.books(),
        sightings: fleet.books.sightings(unconfirmedSeqs),
        window: this.#window?.report() ?? null,
      },
    });
  }
}

async function prepare({ plan, share }: PrepareCommand): Promise<Prepared> {
  const url = new URL(plan.target.wsUrl);
  const address = await targetAddress(url);
  // A name such as localhost may turn out to be ::1.
  const sourceAddresses = isIpv4Loopback(address) ? share.sourceAddresses : [];
  const openClient = plan.client === 'lean' ? openLeanClient : openWsClient;
  const open: OpenNumbered = (client, handler) =>
    openClient({
      client,
      url,
      address,
      localAddress: sourceAddresses[client % sourceAddresses.length],
      handler,
    });
  const workload = createWorkload(plan);
  const storm = new StormFleet({
    plan,
    clients: share.stormClients,
    publisher: share.stormPublisher,
    workload,
    open,
  });
  return { plan, share, workload, open, storm };
}
