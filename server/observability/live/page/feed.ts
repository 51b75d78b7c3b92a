/** Listens to `/live/events`, and comes back by itself when the server does. */

import type { LiveMoment } from '../live-contract.ts';

const EVENTS = '/live/events';
const RETRY_MS = 2_000;
/** Messages come once a second. */
const SILENT_AFTER_MS = 4_000;

export interface FeedListener {
  onMoment(moment: LiveMoment): void;
  /** @param text what to tell the reader */
  onState(state: 'live' | 'lost', text: string): void;
}

/** Begins to listen; never ends by itself. */
export function listen(listener: FeedListener): void {
  const source = new EventSource(EVENTS);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    source.close();
    clearTimeout(silence);
    setTimeout(() => listen(listener), RETRY_MS);
  };
  const expectMore = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      listener.onState('lost', 'no figures for 4 s; trying again …');
      again();
    }, SILENT_AFTER_MS);
  };
  source.onmessage = ({ data }: MessageEvent<string>) => {
    expectMore();
    listener.onMoment(JSON.parse(data) as LiveMoment);
    listener.onState('live', 'live');
  };
  source.addEventListener('stopped', () => {
    listener.onState('lost', 'the server has stopped; waiting for it to come back …');
    again();
  });
  source.onerror = () => {
    void explain().then((text) => listener.onState('lost', text));
    again();
  };
  expectMore();
}

/** An EventSource does not say why it failed; asking once more does. */
async function explain(): Promise<string> {
  const cancel = new AbortController();
  try {
    const answer = await fetch(EVENTS, { signal: cancel.signal });
    if (answer.ok) return 'disconnected; trying again …';
    const { message } = (await answer.json()) as { readonly message?: string };
    return `${message ?? `the server answers ${answer.status}`}; trying again …`;
  } catch {
    return 'disconnected: the server does not answer; trying again …';
  } finally {
    cancel.abort();
  }
}
