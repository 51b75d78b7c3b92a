/** The part of the page that people see: a row a symbol, the rate and the total. */

import type { ParsedTick } from '../../reading/parsed-ticks.ts';

interface Row {
  readonly price: HTMLElement;
  readonly time: HTMLElement;
}

export class TickRows {
  /** Rows that were written so far. */
  written = 0;
  readonly #rows = new Map<string, Row>();
  readonly #total = element('total');
  readonly #rate = element('rate');
  readonly #latency = element('latency');

  /** A row each, empty so far. */
  show(symbols: readonly string[]): void {
    const body = element('ticks');
    for (const symbol of symbols) {
      const row = document.createElement('tr');
      const [name, price, time] = ['th', 'td', 'td'].map((tag) => document.createElement(tag));
      if (name === undefined || price === undefined || time === undefined) continue;
      name.textContent = symbol;
      row.append(name, price, time);
      body.append(row);
      this.#rows.set(symbol, { price, time });
    }
  }

  write({ symbol, price, ts }: ParsedTick): void {
    const row = this.#rows.get(symbol);
    if (row === undefined) return;
    row.price.textContent = price.toFixed(2);
    row.time.textContent = ts.toFixed(3);
    this.written += 1;
  }

  writeTotal(received: number): void {
    this.#total.textContent = String(received);
  }

  writeRate(messagesPerSec: number, p99LatencyMs: number): void {
    this.#rate.textContent = messagesPerSec.toLocaleString('en');
    this.#latency.textContent = p99LatencyMs.toFixed(1);
  }
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`expected an element called ${id}`);
  return found;
}
