/** The document around the page's script. */

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Ticks in a browser</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem;
         color: #1b1f24; background: #fff; }
  dl { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1rem 0 2rem; }
  dt { color: #57606a; font-size: 0.9rem; }
  dd { margin: 0; font-size: 2.2rem; font-variant-numeric: tabular-nums; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: 0.2rem 0.5rem; border-bottom: 1px solid #d0d7de; }
  th:first-child { text-align: left; }
</style>
<h1>Ticks in a browser</h1>
<dl>
  <div><dt>messages a second</dt><dd id="rate">–</dd></div>
  <div><dt>messages</dt><dd id="total">0</dd></div>
  <div><dt>p99 latency, ms</dt><dd id="latency">–</dd></div>
</dl>
<table>
  <thead><tr><th scope="col">symbol</th><th scope="col">price</th><th scope="col">time, epoch ms</th></tr></thead>
  <tbody id="ticks"></tbody>
</table>
<script type="module" src="/browser/page/tick-page.js"></script>
</html>
`;
