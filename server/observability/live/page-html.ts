/** The document of `/live`; its script fills it. */

export const LIVE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>touchline live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/live/uplot.css">
<link rel="stylesheet" href="/live/style.css">
<script src="/live/uplot.js" defer></script>
<script type="module" src="/live/page/live-page.js"></script>
</head>
<body>
<header>
  <h1>touchline <span>live</span></h1>
  <p id="status" role="status" data-state="waiting">connecting …</p>
  <label class="instance">Show <select id="instance"></select></label>
  <fieldset id="span" class="span">
    <legend class="hidden">Time shown</legend>
    <label><input type="radio" name="span" value="60"><span>1 min</span></label>
    <label><input type="radio" name="span" value="120" checked><span>2 min</span></label>
    <label><input type="radio" name="span" value="300"><span>5 min</span></label>
  </fieldset>
</header>
<main>
  <ul id="problems" aria-label="Problems" hidden></ul>
  <section id="run" aria-label="Run" hidden>
    <dl id="run-facts"></dl>
    <div id="phases" class="phases" role="img" aria-label="Phases of the run"></div>
  </section>
  <section aria-label="Now"><dl id="tiles" class="tiles"></dl></section>
  <section id="panels" class="panels" aria-label="Charts"></section>
</main>
<noscript><p class="note">This page needs JavaScript. The same figures stand at <a href="/metrics">/metrics</a>.</p></noscript>
<footer>Read once a second while this page is open. All figures: <a href="/metrics">/metrics</a>. In a chart, the arrow keys or the pointer show earlier values.</footer>
</body>
</html>
`;
