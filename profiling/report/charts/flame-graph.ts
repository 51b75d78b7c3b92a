/** Draws the calls of a profile as a flame graph: callers below, what they call above, as wide as what they took. */

import type { ProfiledCall } from '../../record/profile-record.ts';
import { formatPercent } from '../../verdict/quantities.ts';
import { type Chart, escapeXml } from './chart.ts';
import { PALETTE, withVariables } from './palette.ts';

export interface FlameGraph {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  /** What the whole width is: `busy time, 779 ms`. */
  readonly whole: string;
  readonly calls: readonly ProfiledCall[];
}

const WIDE_PX = 1_080;
const NARROW_PX = 380;
const ROW_PX = 19;
const LEGEND_ROW_PX = 20;
const GAP_PX = 1;
/** Narrower ones are left out: nobody can point at them. */
const LEAST_PX = 1.2;
const LEAST_LABEL_PX = 34;
/** Of the 11 px label font, on average. */
const CHARACTER_PX = 6.1;

interface Family {
  readonly label: string;
  readonly colour: string;
  readonly has: (call: Pick<ProfiledCall, 'room' | 'file'>) => boolean;
}

/** The first that fits. */
const FAMILIES: readonly Family[] = [
  { label: 'native writes', colour: PALETTE.accent, has: ({ room }) => room === 'native writes' },
  { label: 'garbage collection', colour: PALETTE.limit, has: ({ room }) => room === 'garbage collection' },
  { label: 'other native code', colour: PALETTE.floor, has: ({ file }) => file === '' },
  { label: 'Node', colour: PALETTE.bar, has: ({ file }) => file.startsWith('node:') },
  { label: 'packages', colour: PALETTE.p95, has: ({ file }) => file.startsWith('node_modules/') },
  { label: 'our code', colour: PALETTE.p99, has: () => true },
];

interface Box {
  readonly call: ProfiledCall;
  readonly x: number;
  readonly width: number;
  /** 0 stands on the ground. */
  readonly depth: number;
}

/** Draws it at both sizes; each call tells its name, place and share when it is pointed at. */
export function drawFlameGraph(graph: FlameGraph): Chart {
  const { name, title, alt } = graph;
  const wide = draw(graph, WIDE_PX);
  const narrow = draw(graph, NARROW_PX);
  const inline = (drawn: Drawing) =>
    withVariables(
      `<svg role="img" aria-label="${escapeXml(alt)}" viewBox="0 0 ${drawn.width} ${drawn.height}">${drawn.body}</svg>`,
    );
  const head = `<title>${escapeXml(title)}</title>\n<desc>${escapeXml(alt)}</desc>\n<rect width="100%" height="100%" rx="6" fill="${PALETTE.paper}"/>`;
  return {
    name,
    title,
    alt,
    svg: `<svg width="${wide.width}" height="${wide.height}" xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 ${wide.width} ${wide.height}">\n${head}\n${wide.body}</svg>\n`,
    inlineSvg: inline(wide),
    narrowSvg: inline(narrow),
  };
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

function draw({ calls, whole }: FlameGraph, width: number): Drawing {
  const boxes = layOut(calls, width);
  const depth = Math.max(0, ...boxes.map((box) => box.depth + 1));
  const families = FAMILIES.filter((family) => boxes.some(({ call }) => familyOf(call) === family)).reverse();
  const legend = drawLegend(families, width);
  const groundPx = legend.height + 6 + depth * ROW_PX;
  const body = [
    legend.body,
    ...boxes.map((box) => drawBox(box, groundPx - (box.depth + 1) * ROW_PX)),
    `<rect x="0" y="${groundPx}" width="${width}" height="${ROW_PX - GAP_PX}" rx="2" fill="${PALETTE.grid}"/>`,
    label({ x: 6, y: groundPx, text: `100 %: ${whole}` }),
  ].join('\n');
  return {
    width,
    height: groundPx + ROW_PX,
    body: `<g font-family="system-ui, sans-serif" font-size="11">\n${body}\n</g>`,
  };
}

/** Callers stand before what they call, and siblings side by side. */
function layOut(calls: readonly ProfiledCall[], widthPx: number): readonly Box[] {
  const placed: (Box & { nextX: number })[] = [];
  let groundX = 0;
  for (const call of calls) {
    const below = placed[call.caller];
    const width = call.totalRatio * widthPx;
    const x = below?.nextX ?? groundX;
    if (below === undefined) groundX += width;
    else below.nextX += width;
    placed.push({ call, x, width, depth: below === undefined ? 0 : below.depth + 1, nextX: x });
  }
  return placed.filter(({ width }) => width >= LEAST_PX);
}

function drawBox({ call, x, width }: Box, y: number): string {
  const { functionName, file, line, totalRatio } = call;
  const place = file === '' ? 'native' : `${file}:${line}`;
  const shown = Math.max(LEAST_PX - GAP_PX, width - GAP_PX);
  const rect = `<rect x="${px(x)}" y="${y}" width="${px(shown)}" height="${ROW_PX - GAP_PX}" rx="2" fill="${familyOf(call)?.colour ?? PALETTE.floor}" fill-opacity=".42"/>`;
  const text = shortened(functionName, shown);
  return `<g><title>${escapeXml(`${functionName} (${place}): ${formatPercent(totalRatio)}`)}</title>${rect}${text === '' ? '' : label({ x: x + 4, y, text })}</g>`;
}

function familyOf(call: ProfiledCall): Family | undefined {
  return FAMILIES.find(({ has }) => has(call));
}

function drawLegend(
  families: readonly Family[],
  width: number,
): { readonly body: string; readonly height: number } {
  let x = 0;
  let row = 0;
  const items = families.map(({ label: text, colour }) => {
    const itemPx = 18 + text.length * CHARACTER_PX + 14;
    if (x > 0 && x + itemPx > width) {
      x = 0;
      row += 1;
    }
    const y = row * LEGEND_ROW_PX;
    const drawn = `<rect x="${px(x)}" y="${y + 3}" width="12" height="12" rx="2" fill="${colour}" fill-opacity=".42"/>${label({ x: x + 17, y, text })}`;
    x += itemPx;
    return drawn;
  });
  return { body: items.join('\n'), height: (row + 1) * LEGEND_ROW_PX };
}

function label({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }): string {
  return `<text x="${px(x)}" y="${y + 13}" fill="${PALETTE.ink}">${escapeXml(text)}</text>`;
}

/** As much of a name as there is room for; nothing where that would be a letter or two. */
function shortened(name: string, widthPx: number): string {
  if (widthPx < LEAST_LABEL_PX) return '';
  const characters = Math.floor((widthPx - 8) / CHARACTER_PX);
  return name.length <= characters ? name : `${name.slice(0, Math.max(1, characters - 1))}…`;
}

function px(value: number): string {
  return String(Number(value.toFixed(2)));
}
