/** Colours by name; the style sheet has their values, light and dark. */

export type Colour = 'blue' | 'orange' | 'green' | 'purple' | 'grey';

/** A colour's value now, of a series or of anything else the style names. */
export function colour(name: Colour | 'soft' | 'grid' | 'phase' | 'edge' | 'card'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Tells when the reader's system turns dark or light. */
export function onSchemeChange(act: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', act);
}
