/** A subscriber process in a tick load: carries out the parent's commands on its readers. */

import { isIpv4Loopback } from '../../client/source-addresses.ts';
import { targetAddress } from '../../client/target-address.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import type { TickCommand } from '../../ticks/tick-messages.ts';
import { isBrowserReader } from '../../ticks/tick-plan.ts';
import type { FromWorker, FromWorkerOf } from '../../worker-traffic.ts';
import { MeasuredWindow } from '../measured-window.ts';
import { BrowserTickReader } from './browser-tick-reader.ts';
import { TickFleet } from './tick-fleet.ts';
import type { TickReaders } from './tick-readers.ts';

type PrepareCommand = Extract<TickCommand, { readonly type: 'ticks-prepare' }>;

export class TickWorker {
  readonly #send: (event: FromWorker) => void;
  #readers: TickReaders | null = null;
  #window: MeasuredWindow | null = null;

  constructor(send: (event: FromWorker) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: TickCommand): Promise<void> {
    if (command.type === 'ticks-prepare') {
      this.#window = null;
      this.#readers = await createReaders(command);
      this.#readers.onDeserted = () => this.#send(this.progress());
      this.#send({ type: 'ticks-prepared' });
      return;
    }
    const readers = this.#readers;
    // An interruption may come before anything is prepared: nothing is under way then.
    if (readers === null && command.type === 'ticks-halt') return;
    if (readers === null) throw new Error(`expected ticks-prepare before ${command.type}`);
    await this.#drive(readers, command);
  }

  /** How the load stands, for the live display. */
  progress(): FromWorkerOf<'progress'> {
    const readers = this.#readers;
    return {
      type: 'progress',
      connected: readers?.connected ?? 0,
      paused: readers?.paused ?? 0,
      received: readers?.ticks ?? 0,
      gaps: readers?.lost ?? 0,
      latency: readers?.latencySoFar() ?? null,
    };
  }

  async #drive(readers: TickReaders, command: Exclude<TickCommand, PrepareCommand>): Promise<void> {
    switch (command.type) {
      case 'ticks-connect':
        this.#send({ type: 'ticks-connected', report: await readers.connect() });
        break;
      case 'ticks-load':
        this.#load(readers, command.window);
        break;
      case 'ticks-finish':
        this.#window?.end();
        await readers.finish();
        this.#send({ type: 'ticks-finished' });
        break;
      case 'ticks-close':
        await readers.close(command.timeoutMs);
        this.#send({
          type: 'ticks-closed',
          report: { ...readers.report(), window: this.#window?.report() ?? null },
        });
        break;
      case 'ticks-halt':
        this.#window?.end();
        readers.halt(command.graceMs);
        break;
    }
  }

  #load(readers: TickReaders, window: LoadWindow): void {
    readers.load(window);
    this.#window = new MeasuredWindow(window, () => ({ deliveries: readers.ticks, reads: readers.reads }));
  }
}

async function createReaders({ plan, share }: PrepareCommand): Promise<TickReaders> {
  if (isBrowserReader(plan.reader)) return new BrowserTickReader(plan);
  const address = await targetAddress(new URL(plan.target.wsUrl));
  // A name such as localhost may turn out to be ::1.
  const sourceAddresses = isIpv4Loopback(address) ? share.sourceAddresses : [];
  return new TickFleet({ plan, share: { ...share, sourceAddresses }, address });
}
