/** The part of the watch page that reads the tick feed: binary, every tick counted, prices drawn once a frame. */

export const TICKS_STYLE = `
#prices { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .4rem; margin: .6rem 0; font-variant-numeric: tabular-nums; }
#prices div { display: flex; justify-content: space-between; padding: .25rem .5rem; border: 1px solid var(--line); border-radius: .3rem; }
#prices b { color: var(--accent); font-weight: 600; }
#feed { width: 100%; font-variant-numeric: tabular-nums; font-size: .85rem; opacity: .85; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
`;

export const TICKS_SECTION = `
<h2>Ticks</h2>
<form id="ticks">
<label>Ticks a second <input id="rate" type="number" min="1" max="20000000" value="1000" required></label>
<button id="stream" type="button">Stream</button>
<button>Set rate</button>
<output id="feed">not connected</output>
</form>
<div id="prices"></div>
`;

export const TICKS_SCRIPT = `
const TICK_BYTES = 20;
const LATENCY_OF_EVERY = 64;
const feed = { socket: null, cells: [], latest: [], received: 0, skipped: 0, before: 0, beforeMs: 0, latencies: [], timer: 0, frame: 0 };

function showCells(symbols) {
  feed.cells = symbols.map((symbol) => {
    const cell = document.createElement('div');
    const price = document.createElement('b');
    cell.append(symbol, price);
    byId('prices').append(cell);
    return price;
  });
}

function onTick(event) {
  if (typeof event.data === 'string') { onFeedMessage(JSON.parse(event.data)); return; }
  const view = new DataView(event.data);
  if (view.byteLength !== TICK_BYTES) return;
  feed.received += 1;
  feed.latest[view.getUint32(0, true)] = view.getFloat64(4, true);
  if (feed.received % LATENCY_OF_EVERY !== 0) return;
  const dueMs = Number(view.getBigInt64(12, true)) / 1e6;
  feed.latencies.push(Math.max(0, performance.timeOrigin + performance.now() - dueMs));
}

function onFeedMessage(message) {
  if (message.type === 'hello') {
    byId('prices').replaceChildren();
    showCells(message.symbols);
    feed.socket.send(JSON.stringify({ type: 'identify', clientId: 'watch-page' }));
  }
  if (message.type === 'conflated') feed.skipped += message.skipped;
}

function drawPrices() {
  feed.cells.forEach((cell, index) => {
    const price = feed.latest[index];
    if (price !== undefined) cell.textContent = price.toFixed(2);
  });
  feed.frame = requestAnimationFrame(drawPrices);
}

function report() {
  const sorted = feed.latencies.splice(0).sort((a, b) => a - b);
  const nowMs = performance.now();
  // A busy page reports late: what came is told for the time in which it came.
  const perSecond = Math.round(((feed.received - feed.before) * 1000) / (nowMs - feed.beforeMs));
  feed.before = feed.received;
  feed.beforeMs = nowMs;
  const stats = {
    clientId: 'watch-page',
    messagesPerSec: perSecond,
    totalMessages: feed.received,
    avgLatencyMs: sorted.reduce((sum, ms) => sum + ms, 0) / Math.max(1, sorted.length),
    p99LatencyMs: sorted[Math.ceil(sorted.length * 0.99) - 1] || 0,
  };
  feed.socket.send(JSON.stringify({ type: 'ack', received: feed.received }));
  feed.socket.send(JSON.stringify({ type: 'stats', ...stats }));
  byId('feed').textContent = perSecond.toLocaleString('en-US') + '/s received, ' +
    stats.avgLatencyMs.toFixed(1) + ' ms old on average' +
    (feed.skipped > 0 ? ', ' + feed.skipped.toLocaleString('en-US') + ' skipped' : '');
}

function stopStream(text) {
  clearInterval(feed.timer);
  cancelAnimationFrame(feed.frame);
  feed.socket = null;
  byId('stream').textContent = 'Stream';
  byId('feed').textContent = text;
}

function startStream() {
  const mine = new WebSocket(location.origin.replace(/^http/, 'ws') + '/ticks?format=binary');
  mine.binaryType = 'arraybuffer';
  Object.assign(feed, { socket: mine, latest: [], received: 0, skipped: 0, before: 0, beforeMs: performance.now(), latencies: [] });
  byId('stream').textContent = 'Stop';
  mine.onmessage = onTick;
  mine.onopen = () => { feed.timer = setInterval(report, 1000); drawPrices(); };
  mine.onclose = (event) => { if (feed.socket === mine) stopStream('closed: ' + event.code + ' ' + event.reason); };
}

async function showRate() {
  const answer = await fetch('/config');
  if (answer.ok) byId('rate').value = (await answer.json()).rate;
}

byId('stream').addEventListener('click', () => {
  if (feed.socket === null) { startStream(); return; }
  const old = feed.socket;
  stopStream('not connected');
  old.close(1000, 'normal');
});

byId('ticks').addEventListener('submit', async (event) => {
  event.preventDefault();
  const result = await send('/config', { rate: Number(byId('rate').value) });
  note.textContent = result.code ? result.code + ': ' + result.message : 'rate set to ' + result.rate.toLocaleString('en-US') + '/s';
});
showRate();
`;
