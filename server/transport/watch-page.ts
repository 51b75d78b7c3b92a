/** `GET /`: one self-contained page that watches a match, publishes to it, and shows the tick feed. */

import { createHash } from 'node:crypto';
import { TICKS_SCRIPT, TICKS_SECTION, TICKS_STYLE } from './watch-page-ticks.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --accent: #0a7d4f; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
#state { font-size: .85rem; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 1rem; }
#state[data-state="live"] { color: var(--accent); border-color: var(--accent); }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0; padding: .8rem; border: 1px solid var(--line); border-radius: .5rem; }
label { display: grid; font-size: .8rem; gap: .15rem; }
label.wide { flex: 1 1 16rem; }
input { font: inherit; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: .3rem; background: transparent; color: inherit; }
input[type=number] { width: 7rem; }
button { font: inherit; padding: .35rem .9rem; border: 0; border-radius: .3rem; background: var(--accent); color: #fff; cursor: pointer; }
ol { list-style: none; padding: 0; }
li { display: grid; grid-template-columns: 3.5rem 1fr auto; gap: .6rem; padding: .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
li b { color: var(--accent); }
li small, #note { opacity: .7; font-size: .8rem; }
${TICKS_STYLE}`;

const SCRIPT = `
'use strict';
const byId = (id) => document.getElementById(id);
const state = byId('state');
const list = byId('items');
const note = byId('note');
let socket = null;
let position = null;
let matchId = 1;
let retryMs = 500;

function show(name, text) {
  state.dataset.state = name;
  state.textContent = text;
}

function addItem(message) {
  const { minute, text, createdAt } = message.data;
  position = { epoch: position ? position.epoch : '', offset: message.offset };
  const item = document.createElement('li');
  const when = document.createElement('b');
  const words = document.createElement('span');
  const offset = document.createElement('small');
  when.textContent = minute + "'";
  words.textContent = text;
  offset.textContent = '#' + message.offset + ' ' + new Date(createdAt).toLocaleTimeString();
  item.append(when, words, offset);
  list.prepend(item);
  while (list.children.length > 100) list.lastChild.remove();
}

function onMessage(event) {
  const message = JSON.parse(event.data);
  if (message.type === 'welcome') {
    const since = position === null ? {} : { since: position };
    socket.send(JSON.stringify({ type: 'subscribe', matchId, ...since }));
  }
  if (message.type === 'subscribed') {
    for (const missed of message.missed || []) addItem(missed);
    position = { epoch: message.epoch, offset: message.offset };
    show('live', 'live: match ' + matchId);
  }
  if (message.type === 'commentary') addItem(message);
  if (message.type === 'error') note.textContent = message.code + ': ' + message.message;
}

function connect() {
  show('connecting', 'connecting');
  const mine = new WebSocket(location.origin.replace(/^http/, 'ws') + '/ws');
  socket = mine;
  mine.onopen = () => { retryMs = 500; };
  mine.onmessage = onMessage;
  mine.onclose = (event) => {
    if (socket !== mine) return;
    show('closed', 'closed: ' + event.code + ' ' + event.reason);
    if (event.code >= 4500) return;
    setTimeout(() => { if (socket === mine) connect(); }, retryMs * (0.5 + Math.random()));
    retryMs = Math.min(retryMs * 2, 15000);
  };
}

async function showHistory() {
  const answer = await fetch('/matches/' + matchId + '/commentary?limit=20');
  if (!answer.ok) return;
  const page = await answer.json();
  for (const item of page.items.reverse()) addItem({ offset: item.offset, data: item });
  position = { epoch: page.epoch, offset: page.offset };
}

async function watch() {
  matchId = Number(byId('match').value);
  position = null;
  list.replaceChildren();
  if (socket) { const old = socket; socket = null; old.close(1000, 'normal'); }
  await showHistory();
  connect();
}

byId('watch').addEventListener('submit', (event) => { event.preventDefault(); watch(); });
async function send(path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const token = byId('token').value;
  if (token !== '') headers.Authorization = 'Bearer ' + token;
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
}

byId('publish').addEventListener('submit', async (event) => {
  event.preventDefault();
  const item = { minute: Number(byId('minute').value), text: byId('text').value };
  const result = await send('/matches/' + matchId + '/commentary', item);
  note.textContent = result.code ? result.code + ': ' + result.message : 'published as #' + result.offset;
  if (!result.code) byId('text').value = '';
});
${TICKS_SCRIPT}
watch();
`;

/** The page. Everything it needs is in it. */
export const WATCH_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>touchline: a match and the ticks</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>touchline</h1><span id="state">connecting</span></header>
<form id="watch">
<label>Match <input id="match" type="number" min="1" max="2147483647" value="1" required></label>
<button>Watch</button>
</form>
<form id="publish">
<label>Minute <input id="minute" type="number" min="0" max="150" value="1" required></label>
<label class="wide">Commentary <input id="text" maxlength="2000" required placeholder="Kick-off!"></label>
<label>Token, off loopback <input id="token" type="password" autocomplete="off"></label>
<button>Publish</button>
</form>
<p id="note" role="status"></p>
<ol id="items" aria-live="polite"></ol>
${TICKS_SECTION}
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Nothing from elsewhere runs, loads or frames: script and style are allowed by their hashes alone. */
export const WATCH_PAGE_CSP = [
  "default-src 'none'",
  `script-src ${hashSource(SCRIPT)}`,
  `style-src ${hashSource(STYLE)}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
