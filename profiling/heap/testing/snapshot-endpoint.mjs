/** What the leaking programs share: one port for their work, for snapshots, and for a heap profile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';

/** Bytes between two samples of the heap profile, on average. */
const SAMPLING_BYTES = 4096;

/**
 * `POST /snapshot/NAME` writes NAME.heapsnapshot, `POST /heap-profile` NAME.heapprofile, into the folder; everything else is the program's.
 * Prints its port when it listens. Ends when its parent does.
 *
 * @param {string} folder
 * @param {import('node:http').RequestListener} work
 * @returns {import('node:http').Server}
 */
export function listen(folder, work) {
  const session = new inspector.Session();
  session.connect();
  session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_BYTES });
  mkdirSync(folder, { recursive: true });
  const server = createServer((request, response) => {
    const [, what, name = 'heap'] = (request.url ?? '').split('/');
    if (what === 'snapshot') {
      writeHeapSnapshot(join(folder, `${name}.heapsnapshot`));
      response.end();
    } else if (what === 'heap-profile') {
      session.post('HeapProfiler.stopSampling', (_, answer) => {
        writeFileSync(join(folder, `${name}.heapprofile`), JSON.stringify(answer?.profile));
        response.end();
      });
    } else work(request, response);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
  process.on('disconnect', () => process.exit());
  return server;
}
