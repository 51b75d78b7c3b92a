/** A client that stopped reading, with more to read than the kernel takes for it. */

import { publish } from './bystander.ts';
import { maskedFrame, RawPeer } from './raw-peer.ts';
import { TestClient } from './test-client.ts';

/** The match that it is about. */
export const STOPPED_READER_MATCH_ID = 99;
const TEXT_FRAME = 0x81;

/** @param isWaiting whether the server has unsent bytes */
export async function openStoppedReader(
  { wsUrl, httpUrl }: { readonly wsUrl: string; readonly httpUrl: string },
  isWaiting: () => Promise<boolean>,
): Promise<RawPeer> {
  const matchId = STOPPED_READER_MATCH_ID;
  const client = await TestClient.connect(wsUrl);
  const { epoch } = await client.ask({ type: 'subscribe', matchId });
  await client.close();
  for (let n = 0; n < 100; n += 1) await publish(httpUrl, matchId, 'x'.repeat(2_000));
  const peer = await RawPeer.upgrade(wsUrl);
  peer.socket.pause();
  // Each answer is 200 KB; the kernel's buffers take about 10 MB before the server sees any of it wait.
  const resume = JSON.stringify({ type: 'subscribe', matchId, since: { epoch, offset: 0 } });
  for (let n = 0; n < 90; n += 1) peer.write(maskedFrame(TEXT_FRAME, resume));
  while (!(await isWaiting())) await new Promise((resolve) => setImmediate(resolve));
  return peer;
}
