/** One writer for each format and source; they keep their buffers from turn to turn. */

import type { TickFormat, TickSourceName } from '../../protocol/tick-messages.ts';
import type { TickWriter } from './tick-writer.ts';
import { BinaryTickWriter } from './tick-writer-binary.ts';
import { JsonTickWriter } from './tick-writer-json.ts';
import { RepeatedTickWriter } from './tick-writer-repeated.ts';

export class TickWriters {
  readonly #bySource: Readonly<Record<TickSourceName, Readonly<Record<TickFormat, TickWriter>>>> = {
    unique: { json: new JsonTickWriter(), binary: new BinaryTickWriter() },
    'cached-1ms': { json: new RepeatedTickWriter('json'), binary: new RepeatedTickWriter('binary') },
  };

  of(source: TickSourceName): Readonly<Record<TickFormat, TickWriter>> {
    return this.#bySource[source];
  }
}
