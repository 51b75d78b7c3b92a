/** The colours of charts: fixed ones in SVG files, CSS variables in the page, which has a dark side too. */

/** Distinct for readers who do not see red and green apart (after Okabe and Ito). */
export const PALETTE = {
  ink: '#3b4252',
  muted: '#7a8394',
  grid: '#e4e7ed',
  p50: '#0072b2',
  p95: '#8a5fd0',
  p99: '#d55e00',
  limit: '#c2183c',
  floor: '#9aa1ad',
  bar: '#7fb8dc',
  accent: '#0a7f5c',
  paper: '#fffffe',
} as const;

export type PaletteName = keyof typeof PALETTE;

/** The same on a dark page. */
export const DARK_PALETTE: Readonly<Record<PaletteName, string>> = {
  ink: '#d5dae3',
  muted: '#939cad',
  grid: '#2c333f',
  p50: '#56b4e9',
  p95: '#b89bf0',
  p99: '#ff9248',
  limit: '#ff6b81',
  floor: '#737c8c',
  bar: '#2f6f97',
  accent: '#3fcf9f',
  paper: '#161b22',
};

const names = Object.keys(PALETTE) as readonly PaletteName[];

/** Declarations of the chart variables, for `:root`. */
export function paletteVariables(palette: Readonly<Record<PaletteName, string>>): string {
  return names.map((name) => `--chart-${name}: ${palette[name]};`).join(' ');
}

/** Puts CSS variables in the place of the fixed colours of a chart. */
export function withVariables(svg: string): string {
  return names.reduce((text, name) => text.replaceAll(PALETTE[name], `var(--chart-${name})`), svg);
}
