/** The style of `/live`. Colours are those of Okabe and Ito, which colour-blind readers tell apart; lighter on dark. */

export const LIVE_STYLE = `
:root {
  --page: #f4f5f7; --card: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee3; --grid: #e8ebee;
  --blue: #0072b2; --orange: #c55200; --green: #00805c; --purple: #a8558a; --grey: #6e7781;
  --phase: rgba(0, 114, 178, 0.08); --edge: rgba(27, 31, 36, 0.28); --bad: #b3261e; --good: #00694b; --warn: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #171b22; --ink: #e7ebef; --soft: #9aa5b1; --line: #2b323b; --grid: #232a32;
    --blue: #56b4e9; --orange: #f0883e; --green: #34c79a; --purple: #dd9fc4; --grey: #98a2ad;
    --phase: rgba(86, 180, 233, 0.13); --edge: rgba(231, 235, 239, 0.32); --bad: #ff8a80; --good: #4fd6a8; --warn: #e6b450;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { color-scheme: light dark; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
       font-variant-numeric: tabular-nums; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 10px 16px; background: var(--card);
         border-bottom: 1px solid var(--line); position: sticky; top: 0; z-index: 10; }
h1 { font-size: 17px; margin: 0; letter-spacing: -0.01em; }
h1 span { color: var(--soft); font-weight: 500; }
#status { margin: 0; color: var(--soft); display: flex; align-items: center; gap: 6px; }
#status::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--grey); flex: none; }
#status[data-state="live"]::before { background: var(--good); }
#status[data-state="lost"] { color: var(--bad); font-weight: 600; }
#status[data-state="lost"]::before { background: var(--bad); border-radius: 1px; }
.instance { margin-left: auto; display: flex; align-items: center; gap: 6px; color: var(--soft); min-width: 0; }
select { font: inherit; color: var(--ink); background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 4px 6px;
         min-width: 0; max-width: 100%; }
.span { border: 1px solid var(--line); border-radius: 6px; padding: 0; margin: 0; display: flex; overflow: hidden; }
.span label { cursor: pointer; }
.span input { position: absolute; opacity: 0; pointer-events: none; }
.span span { display: block; padding: 4px 10px; color: var(--soft); }
.span label + label span { border-left: 1px solid var(--line); }
.span input:checked + span { background: var(--page); color: var(--ink); font-weight: 600; }
:focus-visible, .span input:focus-visible + span { outline: 2px solid var(--blue); outline-offset: -2px; }
main { padding: 12px 16px; display: grid; gap: 12px; max-width: 1800px; margin: 0 auto; }
main > * { min-width: 0; }
#problems { margin: 0; padding: 8px 12px 8px 28px; background: var(--card); border: 1px solid var(--warn); border-radius: 8px; color: var(--warn);
            overflow-wrap: anywhere; }
#run { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; display: grid; gap: 8px; }
#run > * { min-width: 0; }
#run-facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 0; }
#run-facts div { display: flex; gap: 6px; min-width: 0; }
#run-facts dt { color: var(--soft); } #run-facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
#run-facts dd[data-verdict="pass"] { color: var(--good); } #run-facts dd[data-verdict="fail"] { color: var(--bad); }
#run-facts dd[data-verdict="inconclusive"] { color: var(--warn); }
.phases { position: relative; height: 22px; border-radius: 4px; overflow: hidden; background: var(--page); }
.phases span { position: absolute; top: 0; bottom: 0; padding: 0 6px; font-size: 12px; line-height: 22px; color: var(--soft);
               border-left: 1px solid var(--edge); overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.phases span.narrow { padding: 0; font-size: 0; }
.phases span.measure { background: var(--phase); color: var(--ink); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 1px; margin: 0; background: var(--line);
         border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tiles div { background: var(--card); padding: 8px 12px; min-width: 0; }
.tiles dt { color: var(--soft); font-size: 12px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tiles dd { margin: 0; font-size: 20px; font-weight: 600; line-height: 1.25; white-space: nowrap; letter-spacing: -0.01em; }
.tiles dd small { font-size: 12px; font-weight: 400; color: var(--soft); margin-left: 3px; letter-spacing: 0; }
.tiles div[data-bad="true"] dd { color: var(--bad); }
.panels { display: grid; gap: 12px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; }
.row:not(:has(figure:not([hidden]))) { display: none; }
figure { flex: 1 1 min(100%, 400px); }
.traffic figure { flex-basis: min(100%, 320px); }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px 6px; min-width: 0;
         display: flex; flex-direction: column; }
figcaption { display: flex; align-items: baseline; justify-content: space-between; gap: 8px; }
figcaption b { font-weight: 600; } figcaption span { color: var(--soft); font-size: 12px; white-space: nowrap; }
.values { list-style: none; margin: 2px 0 4px; padding: 0; display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12px; color: var(--soft); min-height: 17px; }
.values li { display: flex; align-items: center; gap: 5px; white-space: nowrap; }
.values b { color: var(--ink); font-weight: 600; }
.key { width: 14px; height: 0; border-top: 2.5px solid; flex: none; }
.key.dashed { border-top-style: dashed; }
.key.none { display: none; }
.blue { border-color: var(--blue); } .orange { border-color: var(--orange); } .green { border-color: var(--green); }
.purple { border-color: var(--purple); } .grey { border-color: var(--grey); }
.chart { position: relative; height: 150px; margin-top: auto; border-radius: 4px; }
.chart .uplot { font-family: inherit; }
.chart .u-cursor-x { border-right: 1px solid var(--soft) !important; }
.chart .empty { position: absolute; inset: 0 0 24px 52px; display: grid; place-items: center; color: var(--soft); font-size: 13px; text-align: center; pointer-events: none; }
.note, footer { padding: 4px 16px 16px; color: var(--soft); font-size: 12px; max-width: 1800px; margin: 0 auto; }
a { color: var(--blue); }
body[data-state="lost"] .panels, body[data-state="lost"] .tiles { opacity: 0.55; }
@media (max-width: 1100px) { .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
@media (max-width: 640px) {
  header { position: static; padding: 10px 12px; gap: 8px 12px; }
  main { padding: 10px 12px; gap: 10px; } .panels, .row { gap: 10px; }
  .instance { margin-left: 0; flex: 1 1 100%; } .instance select { flex: 1; }
  .span { flex: 1 1 100%; } .span label { flex: 1; text-align: center; } .span span { padding: 7px 0; }
  select { padding: 7px 6px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
`;
