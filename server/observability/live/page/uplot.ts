/** uPlot, which a script of its own puts into the page before this one. */

import type uPlotType from 'uplot';

export const UPlot = Reflect.get(globalThis, 'uPlot') as typeof uPlotType;
