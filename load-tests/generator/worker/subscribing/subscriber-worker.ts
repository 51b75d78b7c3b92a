/** A subscriber process: carries out the parent's commands on a fleet of clients. */

import { createWorkload } from '../../../workloads/workload-by-name.ts';
import { openLeanClient } from '../../client/lean-client.ts';
import { isIpv4Loopback } from '../../client/source-addresses.ts';
import { targetAddress } from '../../client/target-address.ts';
import { openWsClient } from '../../client/ws-client.ts';
import type { WorkerCommand, WorkerEvent, WorkerEventOf } from '../../worker-messages.ts';
import { MeasuredWindow } from '../measured-window.ts';
import { BroadcastReader } from './broadcast-reader.ts';
import { SharedBroadcasts } from './shared-broadcasts.ts';
import { type FleetOptions, SubscriberFleet } from './subscriber-fleet.ts';

type PrepareCommand = Extract<WorkerCommand, { readonly type: 'prepare' }>;

export class SubscriberWorker {
  readonly #send: (event: WorkerEvent) => void;
  #fleet: SubscriberFleet | null = null;
  #window: MeasuredWindow | null = null;

  constructor(send: (event: WorkerEvent) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: WorkerCommand): Promise<void> {
    if (command.type === 'prepare') {
      await this.#prepare(command);
      return;
    }
    const fleet = this.#fleet;
    // An interruption may come before anything is prepared: nothing is under way then.
    if (fleet === null && command.type === 'halt') return;
    if (fleet === null) throw new Error(`expected prepare before ${command.type}`);
    await this.#drive(fleet, command);
  }

  /** How the tier stands, for the live display. */
  progress(): WorkerEventOf<'progress'> {
    const fleet = this.#fleet;
    return {
      type: 'progress',
      connected: fleet?.connected ?? 0,
      paused: fleet?.paused ?? 0,
      received: fleet?.recorder.deliveries ?? 0,
      gaps: fleet?.recorder.gaps ?? 0,
      latency: fleet?.recorder.latency?.soFar().pack() ?? null,
    };
  }

  async #prepare(command: PrepareCommand): Promise<void> {
    const { plan, sourceAddresses } = command;
    const address = await targetAddress(new URL(plan.target.wsUrl));
    this.#window = null;
    this.#fleet = new SubscriberFleet({
      ...command,
      // A name such as localhost may turn out to be ::1.
      sourceAddresses: isIpv4Loopback(address) ? sourceAddresses : [],
      address,
      workload: createWorkload(plan),
      openClient: plan.client === 'lean' ? leanReaders() : openWsClient,
    });
    this.#fleet.onDeserted = () => this.#send(this.progress());
    this.#send({ type: 'prepared' });
  }

  async #drive(fleet: SubscriberFleet, command: Exclude<WorkerCommand, PrepareCommand>): Promise<void> {
    switch (command.type) {
      case 'connect':
        this.#send({ type: 'connected', report: await fleet.connect() });
        break;
      case 'join':
        this.#send({ type: 'joined', report: await fleet.membership.join(command.timeoutMs) });
        break;
      case 'ping':
        this.#send({
          type: 'pinged',
          failures: await fleet.membership.ping(command.perClient, command.timeoutMs),
        });
        break;
      case 'load':
        this.#window?.end();
        fleet.load(command.window);
        this.#window = new MeasuredWindow(command.window, () => ({
          deliveries: fleet.recorder.deliveries,
          reads: fleet.recorder.reads,
        }));
        break;
      case 'progress':
        this.#send(this.progress());
        break;
      case 'halt':
        this.#window?.end();
        fleet.halt(command.graceMs);
        break;
      case 'leave-early':
        this.#send({
          type: 'left-early',
          acknowledged: await fleet.membership.leaveEarly(command.clients, command.timeoutMs),
        });
        break;
      case 'leave':
        await fleet.membership.leave(command.timeoutMs);
        this.#send({ type: 'left' });
        break;
      case 'report':
        this.#send({
          type: 'reported',
          window: this.#window?.report() ?? null,
          subscribers: fleet.report(command.unconfirmedSeqs),
        });
        break;
      case 'close':
        await fleet.close(command.timeoutMs);
        this.#send({ type: 'closed' });
        break;
    }
  }
}

/** Lean clients that read what one of them was sent before by comparing it. */
function leanReaders(): FleetOptions['openClient'] {
  const shared = new SharedBroadcasts();
  return (options, recorder) =>
    openLeanClient(options, new BroadcastReader(options.client, recorder, shared));
}
